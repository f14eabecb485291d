using System.Text;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Finds the place for new users in a document, and writes them there in the form that the place asks for.</summary>
/// <param name="document">The document as it is.</param>
/// <param name="text">Takes what is to be written.</param>
internal sealed class UserAdditions(UserDocument document, SplicedText text)
{
    /// <summary>Adds users behind those that stay.</summary>
    /// <param name="added">The new accounts, in order.</param>
    /// <param name="removed">Which entries of the document go, in their order.</param>
    /// <exception cref="DocumentException">The text is not that of a user file.</exception>
    public void Add(IReadOnlyList<UserAccount> added, List<int> removed)
    {
        if (added.Count == 0)
            return;
        if (document.Users is null && document.Root.Mapping is { Count: > 0 })
        {
            throw new DocumentException(
                1, "it has content, but no 'users', and so looks like another file, such as the server's configuration",
                "Name the user file; if this is it, add the line 'users: {}' to it.");
        }

        if (document.Root.Mapping is { IsFlow: true } root)
            AddInFlowRoot(root, added, removed);
        else if (document.Users is null)
            AddWithKey(added);
        else if (document.Users.Mapping is { IsFlow: true } braces && !text.IsBlank(braces.Span.Start + 1, braces.Span.End - 1))
            InsertInBraces(braces, added, removed);
        else if (document.Users.Mapping is { IsFlow: false } block)
            text.InsertLines(block.Span.End, Lines(added, block.Column));
        else
            ReplaceByLines(document.Users.Mapping?.Span ?? document.Users.Null!.Value, Lines(added, document.Root.Mapping!.Value.Column + 4));
    }

    private void AddInFlowRoot(MappingPlace root, IReadOnlyList<UserAccount> added, List<int> removed)
    {
        if (document.Users is null)
            text.Insert(root.Span.Start + 1, $"users: {{{InBraces(added)}}}");
        else if (document.Users.Mapping is { } users)
            InsertInBraces(users, added, removed);
        else if (document.Users.Null is { IsEmpty: false } written)
            text.Replace(written, $"{{{InBraces(added)}}}");
        else
            text.InsertBehindColon(document.Users.KeyEnd, $" {{{InBraces(added)}}}");
    }

    private void AddWithKey(IReadOnlyList<UserAccount> added)
    {
        var lines = $"users:{document.LineBreak}{Lines(added, column: 4)}";
        if (document.Root.Null is { } written)
            ReplaceByLines(written, lines);
        else
            text.InsertLines(document.Text.Length, lines);
    }

    private void InsertInBraces(MappingPlace braces, IReadOnlyList<UserAccount> added, List<int> removed)
    {
        var last = document.LastBut(removed);
        if (last >= 0)
            text.Insert(document.Entries[last].Body.Span.End, ", " + InBraces(added));
        else
            text.Insert(braces.Span.Start + 1, InBraces(added) + (braces.Count > removed.Count ? ", " : ""));
    }

    /// <summary>Takes an empty value away and writes its content on the lines below its key.</summary>
    private void ReplaceByLines(Span value, string lines)
    {
        var start = value.Start;
        while (!value.IsEmpty && start > 0 && document.Text[start - 1] == ' ')
            start--;
        text.Delete(start, value.End);
        text.InsertLines(value.End, lines);
    }

    private string Lines(IReadOnlyList<UserAccount> accounts, int column)
    {
        var indent = SplicedText.Indent(column);
        var fieldIndent = SplicedText.Indent(document.Entries.FirstOrDefault(e => !e.Body.IsFlow)?.Body.Column ?? column + 4);
        var lines = new StringBuilder();
        foreach (var account in accounts)
        {
            lines.Append(indent).Append(YamlScalar.Write(account.Name)).Append(':').Append(document.LineBreak);
            foreach (var field in FieldText.All)
                lines.Append(fieldIndent).Append(FieldText.Pair(account, field)).Append(document.LineBreak);
        }

        return lines.ToString();
    }

    private static string InBraces(IReadOnlyList<UserAccount> accounts) => string.Join(", ", accounts.Select(account =>
        $"{YamlScalar.Write(account.Name)}: {{{string.Join(", ", FieldText.All.Select(field => FieldText.Pair(account, field)))}}}"));
}
