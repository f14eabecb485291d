using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Inserts new users into a document, in the style of the document at that position.</summary>
/// <param name="document">The current document.</param>
/// <param name="lastKept">The last user that is not removed; null if there is none.</param>
/// <param name="removed">The number of users that are removed.</param>
internal sealed class UserAdditions(UserDocument document, UserEntry? lastKept, int removed)
{
    /// <summary>Adds users after the kept ones.</summary>
    /// <param name="added">The new accounts, in order.</param>
    /// <exception cref="DocumentException">The text is not a user file.</exception>
    public IEnumerable<TextEdit> Add(IReadOnlyList<UserAccount> added)
    {
        var root = document.Root;
        if (document.Users is not { } users)
        {
            return root switch
            {
                null => [InsertLines(document.Text.Length, WithKey(added))],
                { Mapping: null } => ReplaceByBlock(root, WithKey(added)),
                { Mapping: { Count: 0, IsFlow: true } } =>
                    [TextEdit.Insert(root.Span.Start + 1, $"users: {{{InFlowStyle(added)}}}")],
                _ => throw new DocumentException(
                    1,
                    "it has content, but no 'users', so it looks like another file, such as the server's configuration",
                    "Specify the user file. If this is the user file, add the line 'users: {}' to it."),
            };
        }

        var isRootFlow = root!.Mapping is { IsFlow: true };
        return users.Mapping switch
        {
            { IsFlow: true } flow when isRootFlow || !IsEmpty(flow) => [InsertInFlowStyle(flow, added)],
            { IsFlow: false } block => [InsertLines(users.LinesEnd, InBlockStyle(added, block.Column))],
            null when isRootFlow && users.Span.IsEmpty =>
                [TextEdit.Insert(UserDocumentEditor.UsersColonEnd(document), $" {{{InFlowStyle(added)}}}")],
            null when isRootFlow => [new TextEdit(users.Span, $"{{{InFlowStyle(added)}}}")],
            _ => ReplaceByBlock(users, InBlockStyle(added, root.Mapping!.Value.Column + 4)),
        };
    }

    private bool IsEmpty(MappingSpans flow) =>
        document.Text.AsSpan(flow.Span.Start + 1, flow.Span.Length - 2).IsWhiteSpace();

    private TextEdit InsertInFlowStyle(MappingSpans flow, IReadOnlyList<UserAccount> added) => lastKept is null
        ? TextEdit.Insert(flow.Span.Start + 1, InFlowStyle(added) + (flow.Count > removed ? ", " : ""))
        : TextEdit.Insert(lastKept.Body.Span.End, ", " + InFlowStyle(added));

    private TextEdit InsertLines(int position, string lines)
    {
        var startsLine = position == DocumentText.StartOf(document.Text) || document.Text[position - 1] == '\n';
        return TextEdit.Insert(position, startsLine ? lines : document.LineBreak + lines);
    }

    /// <summary>Replaces an empty value by lines below its key.</summary>
    private IEnumerable<TextEdit> ReplaceByBlock(NodeSpans node, string lines)
    {
        var start = node.Span.Start;
        while (!node.Span.IsEmpty && start > 0 && document.Text[start - 1] == ' ')
            start--;
        return [TextEdit.Delete(new Span(start, node.Span.End)), InsertLines(node.LinesEnd, lines)];
    }

    private string WithKey(IReadOnlyList<UserAccount> accounts) =>
        $"users:{document.LineBreak}{InBlockStyle(accounts, column: 4)}";

    private string InBlockStyle(IReadOnlyList<UserAccount> accounts, int column)
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

    private static string InFlowStyle(IReadOnlyList<UserAccount> accounts) => string.Join(
        ", ",
        accounts.Select(account =>
        {
            var fields = string.Join(", ", AccountField.All.Select(field => field.WritePair(account)));
            return $"{YamlScalar.Write(account.Name)}: {{{fields}}}";
        }));
}
