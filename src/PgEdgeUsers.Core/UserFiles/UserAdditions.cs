using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Finds the place for new users in a document, and writes them there in the style of that place.</summary>
/// <param name="document">The document as it is.</param>
/// <param name="lastKept">The last user that is not removed; null where there is none.</param>
/// <param name="removed">How many users are removed.</param>
internal sealed class UserAdditions(UserDocument document, UserEntry? lastKept, int removed)
{
    /// <summary>Adds users after those that are kept.</summary>
    /// <param name="added">The new accounts, in order.</param>
    /// <exception cref="DocumentException">The text is not that of a user file, or has no place for users.</exception>
    public IEnumerable<TextEdit> Add(IReadOnlyList<UserAccount> added)
    {
        var root = document.Root;
        if (document.Users is not { } users)
        {
            return root switch
            {
                null => [InsertLines(document.Text.Length, WithKey(added))],
                { Mapping: null } => ReplaceByLines(root, WithKey(added)),
                { Mapping: { Count: 0, IsFlow: true } } =>
                    [TextEdit.Insert(root.Span.Start + 1, $"users: {{{InBraces(added)}}}")],
                _ => throw new DocumentException(
                    1,
                    "it has content, but no 'users', so it looks like another file, such as the server's configuration",
                    "Name the user file; if this is it, add the line 'users: {}' to it."),
            };
        }

        var isInFlow = root!.Mapping is { IsFlow: true };
        return users.Mapping switch
        {
            { IsFlow: true } braces when isInFlow || !IsEmpty(braces) => [InsertInBraces(braces, added)],
            { IsFlow: false } block => [InsertLines(users.LinesEnd, InLines(added, block.Column))],
            null when isInFlow && users.Span.IsEmpty =>
                [TextEdit.Insert(UserDocumentEditor.UsersColonEnd(document), $" {{{InBraces(added)}}}")],
            null when isInFlow => [new TextEdit(users.Span, $"{{{InBraces(added)}}}")],
            _ => ReplaceByLines(users, InLines(added, root.Mapping!.Value.Column + 4)),
        };
    }

    private bool IsEmpty(MappingSpans braces) =>
        document.Text.AsSpan(braces.Span.Start + 1, braces.Span.Length - 2).IsWhiteSpace();

    private TextEdit InsertInBraces(MappingSpans braces, IReadOnlyList<UserAccount> added) => lastKept is null
        ? TextEdit.Insert(braces.Span.Start + 1, InBraces(added) + (braces.Count > removed ? ", " : ""))
        : TextEdit.Insert(lastKept.Body.Span.End, ", " + InBraces(added));

    private TextEdit InsertLines(int position, string lines)
    {
        var startsLine = position == DocumentText.StartOf(document.Text) || document.Text[position - 1] == '\n';
        return TextEdit.Insert(position, startsLine ? lines : document.LineBreak + lines);
    }

    /// <summary>Deletes an empty value and writes lines below it.</summary>
    private IEnumerable<TextEdit> ReplaceByLines(NodeSpans node, string lines)
    {
        var start = node.Span.Start;
        while (!node.Span.IsEmpty && start > 0 && document.Text[start - 1] == ' ')
            start--;
        return [TextEdit.Delete(new Span(start, node.Span.End)), InsertLines(node.LinesEnd, lines)];
    }

    private string WithKey(IReadOnlyList<UserAccount> accounts) =>
        $"users:{document.LineBreak}{InLines(accounts, column: 4)}";

    private string InLines(IReadOnlyList<UserAccount> accounts, int column)
    {
        var model = document.Entries.FirstOrDefault(entry => !entry.Body.IsFlow);
        var (indent, fieldIndent) = (new string(' ', column), new string(' ', model?.Body.Column ?? column + 4));
        var lines = new StringBuilder();
        foreach (var account in accounts)
        {
            lines.Append(indent).Append(YamlScalar.Write(account.Name)).Append(':').Append(document.LineBreak);
            foreach (var field in AccountField.All)
                lines.Append(fieldIndent).Append(field.WritePair(account)).Append(document.LineBreak);
        }

        return lines.ToString();
    }

    private static string InBraces(IReadOnlyList<UserAccount> accounts) => string.Join(", ", accounts.Select(account =>
    {
        var fields = string.Join(", ", AccountField.All.Select(field => field.WritePair(account)));
        return $"{YamlScalar.Write(account.Name)}: {{{fields}}}";
    }));
}
