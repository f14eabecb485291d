using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Checks what must be true for every edit of every text.</summary>
internal static class Lossless
{
    /// <summary>
    /// Adds a user and changes an existing one in any text that can be read. The edit may be refused if the text has no
    /// room for it. If it is made, the text contains the new values, and everything about other users is unchanged.
    /// </summary>
    public static void Check(UserDocument document)
    {
        var touched = document.Entries.Count > 0 ? document.Entries[document.Entries.Count / 2].Account : null;
        List<UserChange> changes = [new AddUser(Sample.Account("new.user"))];
        if (touched is not null)
        {
            changes.Add(new UpdateUser(touched.Name, user => user with { Annotation = "a: #b", Enabled = !user.Enabled,
                FailedAttempts = user.FailedAttempts == 3 ? 0 : 3 }));
        }

        UserDocument edited;
        try
        {
            (edited, var results) = ChangeSet.Apply(document, changes);
            Assert.All(results, result => Assert.Null(result.Failure));
        }
        catch (DocumentException refusal)
        {
            Assert.NotEmpty(refusal.Remedy);
            return;
        }

        var again = Store.Read(DocumentText.Encode(edited.Text));
        var expected = document.Users().Select(u => u == touched
            ? u with { Annotation = "a: #b", Enabled = !u.Enabled, FailedAttempts = u.FailedAttempts == 3 ? 0 : 3 }
            : u);
        Assert.Equal([.. expected, Sample.Account("new.user")], again.Users());
        foreach (var entry in document.Entries.Where(e => e.Account != touched))
            Assert.Equal(TextOf(document, entry), TextOf(again, again.Find(entry.Account.Name)!));
        Assert.Equal(Comments(document), Comments(again));
    }

    public static string TextOf(UserDocument document, UserEntry entry) =>
        document.Text[entry.Pair.Span.Start..entry.Pair.Span.End];

    /// <summary>The lines that consist of a comment.</summary>
    public static string[] Comments(UserDocument document)
    {
        var values = document.Entries.SelectMany(e => e.Fields.ToArray()).Select(f => f.Value).ToArray();
        var (comments, at) = (new List<string>(), 0);
        foreach (var line in document.Text.Split('\n'))
        {
            if (line.TrimStart(' ').StartsWith('#') && !values.Any(v => v.Start < at && at < v.End))
                comments.Add(line);
            at += line.Length + 1;
        }

        return [.. comments];
    }
}
