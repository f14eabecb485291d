using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>After any edits of any file, the file contains the new values, and every other byte is unchanged.</summary>
public sealed class DocumentPropertyTests
{
    private static readonly string[] Notes = ["", "note", "a: b", "# x", "'\"\\", "😀", "yes", " lead", "{x", "- y",
        "trail:", "日本語"];

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property A_file_in_block_style_reads_as_what_it_says() =>
        Prop.ForAll(Documents.Block, file => Assert.Equal(file.Users, Store.Read(file.Text).Users()));

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property A_file_in_flow_style_reads_as_what_it_says() =>
        Prop.ForAll(Documents.Flow, file => Assert.Equal(file.Users, Store.Read(file.Text).Users()));

    [Property(MaxTest = 600, QuietOnSuccess = true)]
    public Property Edits_in_block_style_keep_every_other_byte() =>
        Prop.ForAll(WithEdits(Documents.Block), given => Check(given.File, given.Edits));

    [Property(MaxTest = 600, QuietOnSuccess = true)]
    public Property Edits_in_flow_style_keep_every_other_user_and_key() =>
        Prop.ForAll(WithEdits(Documents.Flow), given => Check(given.File, given.Edits));

    [Property(MaxTest = 200, QuietOnSuccess = true)]
    public Property Undoing_an_edit_restores_the_text() =>
        Prop.ForAll(Documents.Block, file =>
        {
            var added = Store.Change(file.Text, new AddUser(Sample.Account("new.user")));
            var removed = Store.Change(added, new RemoveUser("new.user"));

            // If there was no user, the key 'users' now has the empty value that the server writes.
            Assert.Equal(file.Users.Count > 0 ? file.Text : removed, removed);
            Assert.Equal(file.Users, Store.Read(removed).Users());
        });

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property An_edit_without_effect_returns_the_same_document() =>
        Prop.ForAll(Documents.Block, file =>
        {
            var document = Store.Read(file.Text);
            var (edited, _) = ChangeSet.Apply(document, file.Users.Select(u => new UpdateUser(u.Name, user =>
                user with { Annotation = u.Annotation, FailedAttempts = u.FailedAttempts })));

            Assert.Same(document, edited);
        });

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property A_scalar_is_read_back_as_it_was_written(NonNull<string> value, bool inBraces) =>
        Prop.ToProperty(value.Get.Any(char.IsSurrogate) || Written(value.Get, inBraces) == value.Get);

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property A_name_or_annotation_of_any_characters_is_kept_exactly_or_refused() =>
        Prop.ForAll(Gen.ArrayOf(Character).Select(string.Concat).ToArbitrary(), text =>
        {
            var (edited, results) = ChangeSet.Apply(
                Store.Read(Sample.Alice), [new AddUser(Sample.Account(text)), Store.Annotate("alice", text)]);
            Assert.Equal(results[0].Failure is null ? ["alice", text] : ["alice"], edited.Users().Select(u => u.Name));
            Assert.Equal(results[1].Failure is null ? text : "note", edited.Find("alice")!.Account.Annotation);
            Assert.True(results[0].Failure?.Kind is null or FailureKind.InvalidUsername or FailureKind.UserExists);
            Assert.True(results[1].Failure?.Kind is null or FailureKind.InvalidAnnotation);
        });

    private static Gen<string> Character => Gen.OneOf(
        Gen.Choose(0x20, 0x7E).Select(c => ((char)c).ToString()),
        Gen.Choose(0, 0x2FF).Select(c => ((char)c).ToString()),
        Gen.Choose(0x2000, 0x206F).Select(c => ((char)c).ToString()),
        Gen.Choose(0xE000, 0xFFFF).Select(c => ((char)c).ToString()),
        Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32),
        Gen.Elements("a", "é", "日", "'", "\"", "\\", ": ", " #", "- "));

    private static string Written(string value, bool inBraces) => inBraces
        ? Store.Read($"{{users: {{a: {{annotation: {YamlScalar.Write(value)}, failed_attempts: 0}}}}}}").Users()
            .Single().Annotation
        : Store.Read($"users:\n  a:\n    annotation: {YamlScalar.Write(value)} # c\n    failed_attempts: 0\n").Users()
            .Single().Annotation;

    /// <summary>An edit of a user by number. A number without a user adds one.</summary>
    private sealed record Edit(int User, int Kind, string Note, int Number);

    private static Arbitrary<(GeneratedFile File, Edit[] Edits)> WithEdits(Arbitrary<GeneratedFile> files) => (
        from file in files.Generator
        from count in Gen.Choose(1, 4)
        from edits in Gen.ArrayOf(
            from user in Gen.Choose(-1, Math.Max(file.Users.Count - 1, -1))
            from kind in Gen.Choose(0, 6)
            from note in Gen.Elements(Notes)
            from number in Gen.Choose(0, 20)
            select new Edit(user, kind, note, number), count)
        select (file, edits)).ToArbitrary();

    private static void Check(GeneratedFile file, Edit[] edits)
    {
        var changes = new List<UserChange>();
        var expected = file.Users.Cast<UserAccount?>().ToList();
        foreach (var edit in edits)
        {
            if (edit.User < 0)
            {
                var account = Sample.Account(
                    $"new.{changes.Count}") with { Annotation = edit.Note, FailedAttempts = edit.Number };
                changes.Add(new AddUser(account));
                expected.Add(account);
            }
            else if (expected[edit.User] is { } there)
            {
                changes.Add(edit.Kind == 0
                    ? new RemoveUser(there.Name)
                    : new UpdateUser(there.Name, user => Update(user, edit)));
                expected[edit.User] = edit.Kind == 0 ? null : Update(there, edit);
            }
        }

        var before = Store.Read(file.Text);
        var (edited, results) = ChangeSet.Apply(before, changes);

        Assert.All(results, result => Assert.Null(result.Failure));
        Assert.Equal(expected.OfType<UserAccount>(), Store.Read(DocumentText.Decode(DocumentText.Encode(edited.Text)))
            .Users());
        if (file.IsFlow)
            AssertOthersAreAsTheyWere(file, before, edited, expected);
        else
            AssertAllElseIsAsItWas(file, edited, expected);
    }

    private static UserAccount Update(UserAccount user, Edit edit) => edit.Kind switch
    {
        1 => user with { Annotation = edit.Note },
        2 => user with { Enabled = !user.Enabled },
        3 => user with { FailedAttempts = edit.Number },
        4 => user with { LastLogin = edit.Number == 0
            ? null
            : new DateTime(2026, 1, 2, 3, 4, edit.Number, DateTimeKind.Utc).AddTicks(edit.Number) },
        5 => user with { PasswordHash = user.PasswordHash == Sample.Hash ? Sample.OtherHash : Sample.Hash },
        _ => user with { Annotation = edit.Note, Enabled = edit.Number > 9, FailedAttempts = edit.Number,
            LastLogin = null },
    };

    private static void AssertAllElseIsAsItWas(GeneratedFile file, UserDocument edited, List<UserAccount?> expected)
    {
        var removed = Enumerable.Range(0, file.Users.Count).Where(i => expected[i] is null).ToHashSet();
        var isAdded = expected.Count > file.Users.Count;
        if (file.Users.Count == 0 && isAdded)
        {
            // If the key 'users' is missing or has no value, its line changes. The others do not.
            Assert.All(file.Pieces.Where(p => !p.Text.Contains("users", StringComparison.Ordinal)), piece =>
                Assert.Contains(piece.Text.TrimEnd(), edited.Text, StringComparison.Ordinal));
            return;
        }

        if (removed.Count == file.Users.Count && removed.Count > 0 && !isAdded)
        {
            Assert.Equal(file.Emptied, edited.Text);
            return;
        }

        Assert.Null(file.Mismatch(edited.Text, (user, field) =>
            expected[user] is { } now && !field.IsEqual(now, file.Users[user]), removed, isAdded));
    }

    private static void AssertOthersAreAsTheyWere(
        GeneratedFile file, UserDocument before, UserDocument edited, List<UserAccount?> expected)
    {
        foreach (var (user, now) in file.Users.Zip(expected).Where(u => u.First == u.Second))
        {
            Assert.Equal(
                Lossless.TextOf(before, before.Find(user.Name)!), Lossless.TextOf(edited, edited.Find(user.Name)!));
        }

        Assert.Equal(file.Text.Contains("\"x\": [1, {\"y\": null}]", StringComparison.Ordinal),
            edited.Text.Contains("\"x\": [1, {\"y\": null}]", StringComparison.Ordinal));
        Assert.Equal(file.Text.StartsWith('\uFEFF'), edited.Text.StartsWith('\uFEFF'));
    }
}
