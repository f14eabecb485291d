using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>A rename edits the key and the username field of an entry, and nothing else.</summary>
public sealed class RenameTests
{
    [Theory]
    [InlineData(
        "  alice: # c\n    username: alice # d\n    x: [1]\n", "  bob: # c\n    username: bob # d\n    x: [1]\n")]
    [InlineData("  'alice' :\n    username: 'alice'\n", "  \"bob\" :\n    username: bob\n")]
    [InlineData("  \"\\x61lice\":\n    \"username\": \"Alice\"\n", "  \"bob\":\n    \"username\": bob\n")]
    [InlineData("  alice:\n    username: |- # c\n      alice\n", "  bob:\n    username: bob # c\n")]
    [InlineData("  alice:\n    username:\n", "  bob:\n    username: bob\n")]
    [InlineData("  alice:\n    enabled: true\n", "  bob:\n    username: bob\n    enabled: true\n")]
    [InlineData("  alice: {username: alice, x: 1}\n", "  bob: {username: bob, x: 1}\n")]
    [InlineData("  ? alice # c\n  : username: alice\n", "  ? bob # c\n  : username: bob\n")]
    [InlineData("  ? \"alice\"\n  : {username: alice}\n", "  ? \"bob\"\n  : {username: bob}\n")]
    public void Rename_in_block_style_leaves_every_other_byte_unchanged(string entry, string expected)
    {
        const string around = "# head\nusers:\n{0}  zoe: # last\n    failed_attempts: 0\nother: alice\n";
        var text = around.Replace("{0}", entry, StringComparison.Ordinal);

        Assert.Equal(around.Replace("{0}", expected, StringComparison.Ordinal), Renamed(text, "bob"));
        Assert.Equal(
            around.Replace("{0}", expected, StringComparison.Ordinal).ReplaceLineEndings("\r\n"),
            Renamed(text.ReplaceLineEndings("\r\n"), "bob"));
    }

    [Theory]
    [InlineData(
        "users: {alice: {username: alice, failed_attempts: 0}, zoe: {}}",
        "users: {bob: {username: bob, failed_attempts: 0}, zoe: {}}")]
    [InlineData(
        "{\"users\":{\"alice\":{\"username\":\"alice\"},\"zoe\":{}}}",
        "{\"users\":{\"bob\":{\"username\":bob},\"zoe\":{}}}")]
    [InlineData("users: {zoe: {}, 'alice':{}}", "users: {zoe: {}, \"bob\":{username: bob}}")]
    public void Rename_in_flow_style_leaves_every_other_byte_unchanged(string text, string expected)
    {
        Assert.Equal(expected, Renamed(text, "bob"));
    }

    [Theory]
    [InlineData("123", "\"123\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("O'Brien", "O'Brien")]
    public void A_new_name_that_YAML_would_read_as_something_else_is_quoted(string newName, string written)
    {
        Assert.Equal(Sample.Alice.Replace("alice", written, StringComparison.Ordinal), Renamed(Sample.Alice, newName));
    }

    [Fact]
    public void A_key_with_a_comment_inside_is_refused_instead_of_losing_the_comment()
    {
        Assert.Throws<DocumentException>(() => Renamed("users:\n  ? # c\n    alice\n  : {}\n", "bob"));
    }

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property Rename_keeps_everything_but_the_name_in_any_file_in_block_style() => KeepsTheRest(Documents.Block);

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property Rename_keeps_everything_but_the_name_in_any_file_in_flow_style() => KeepsTheRest(Documents.Flow);

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("*", "\"*\"")]
    [InlineData("[a]", "'[a]'")]
    [InlineData("ZOE", "ZOE")]
    [InlineData("a b", "a b")]
    [InlineData("?a", "?a")]
    [InlineData("a\u200Bb", "\"a\\u200Bb\"")]
    public void A_user_whose_name_breaks_the_rules_can_be_renamed(string name, string key)
    {
        var text = $"users:\n  {key}:\n    enabled: true\n  zoe: {{}}\n";

        Assert.Equal(["bob", "zoe"], Store.Read(Store.Change(text, new RenameUser(name, "bob"))).Users()
            .Select(u => u.Name));
    }

    [Theory]
    [InlineData("zoe", FailureKind.UserExists)]
    [InlineData("ZOE", FailureKind.UserExists)]
    [InlineData("a b", FailureKind.InvalidUsername)]
    [InlineData("", FailureKind.InvalidUsername)]
    [InlineData("ALICE", null)]
    [InlineData("alice", null)]
    [InlineData("bob", null)]
    public void The_new_name_must_be_valid_and_free(string newName, FailureKind? failure)
    {
        var text = Sample.Alice.Replace("users:\n", "users:\n    zoe: {}\n", StringComparison.Ordinal);

        Assert.Equal(failure, Store.FailureOf(text, new RenameUser("alice", newName)));
    }

    [Fact]
    public void The_old_name_is_free_and_the_new_one_taken_for_the_changes_that_follow()
    {
        var (edited, results) = ChangeSet.Apply(Store.Read(Sample.Alice),
        [
            new RenameUser("alice", "bob"), Store.Annotate("alice", "x"), Store.Annotate("bob", "y"), new AddUser(
                Sample.Account("Bob")),
            new AddUser(Sample.Account("ALICE")), new RenameUser("ALICE", "carol"), new RemoveUser("bob"),
        ]);

        Assert.Equal(
            [null, FailureKind.UserNotFound, null, FailureKind.UserExists, null, null, null], results.Select(r =>
                r.Failure?.Kind));
        Assert.Equal(["carol"], edited.Users().Select(u => u.Name));
    }

    [Fact]
    public void Two_users_can_exchange_their_names()
    {
        var text = "users:\n  a: {username: a, annotation: first}\n  b: {username: b, annotation: second}\n";

        var (edited, results) = ChangeSet.Apply(
            Store.Read(text), [new RenameUser("a", "x"), new RenameUser("b", "a"), new RenameUser("x", "b")]);

        Assert.Equal(
            "users:\n  b: {username: b, annotation: first}\n  a: {username: a, annotation: second}\n", edited.Text);
        Assert.Equal(["a>x", "b>a", "x>b"], results.Select(r => $"{r.Before!.Name}>{r.Account!.Name}"));
    }

    [Fact]
    public void Renaming_back_or_to_the_same_name_returns_the_same_document()
    {
        var document = Store.Read(Sample.Alice);

        Assert.Same(document, ChangeSet.Apply(document, [new RenameUser("alice", "alice")]).Edited);
        Assert.Same(
            document, ChangeSet.Apply(document, [new RenameUser("alice", "b"), new RenameUser("b", "alice")]).Edited);
    }

    private static string Renamed(string text, string newName) => Store.Change(text, new RenameUser("alice", newName));

    private static Property KeepsTheRest(Arbitrary<GeneratedFile> files) => Prop.ForAll(files, file =>
    {
        var before = Store.Read(file.Text);
        for (var i = 0; i < before.Entries.Count; i++)
        {
            var old = before.Entries[i];
            var after = Store.Read(Store.Change(file.Text, new RenameUser(old.Account.Name, "new.name")));

            var expected = file.Users.Select(
                (user, j) => j == i ? user with { Name = "new.name", DisplayName = "new.name" } : user);
            Assert.Equal(expected, after.Users());
            if (!old[AccountField.Username].IsMissing)
                Assert.Equal(WithoutName(before, old), WithoutName(after, after.Entries[i]));
        }
    });

    private static string WithoutName(UserDocument document, UserEntry entry) => TextEdit.Apply(
        document.Text, [TextEdit.Delete(entry.Pair.Key), TextEdit.Delete(entry[AccountField.Username].Value)]);
}
