using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// A change set is applied in order: each change sees the result of those before it. The result is one edit.
/// </summary>
public sealed class ChangeSetTests
{
    [Fact]
    public void A_change_that_cannot_be_made_does_not_stop_the_others()
    {
        var (edited, results) = ChangeSet.Apply(Store.Read(Sample.Alice),
            [new RemoveUser("bob"), new AddUser(Sample.Account("bob")), new AddUser(Sample.Account("Bob")),
                Store.Annotate("bob", "x"), new AddUser(Sample.Account("a b")), Store.Annotate("ALICE", "x")]);

        Assert.Equal(
            [FailureKind.UserNotFound, null, FailureKind.UserExists, null, FailureKind.InvalidUsername,
                FailureKind.UserNotFound],
            results.Select(r => r.Failure?.Kind));
        Assert.Equal(["alice", "bob"], edited.Users().Select(u => u.Name));
        Assert.Equal("x", results[3].Account!.Annotation);
        Assert.Equal("x", results[1].Account!.Annotation);
    }

    [Fact]
    public void A_user_that_is_removed_can_be_added_and_one_that_is_added_removed()
    {
        Assert.Equal(["alice"], Users(new RemoveUser("alice"), new AddUser(Sample.Account("alice"))));
        Assert.Equal(["Alice"], Users(new RemoveUser("alice"), new AddUser(Sample.Account("Alice"))));
        Assert.Equal(["alice"], Users(new AddUser(Sample.Account("bob")), new RemoveUser("bob")));
        Assert.Equal(["alice", "BOB"],
            Users(new AddUser(Sample.Account("bob")), new RemoveUser("bob"), new AddUser(Sample.Account("BOB"))));
    }

    [Fact]
    public void Each_of_two_similar_names_prevents_a_third()
    {
        var text = Sample.Alice + Sample.Alice["users:\n".Length..]
            .Replace("    alice:", "    Alice:", StringComparison.Ordinal);
        var third = new AddUser(Sample.Account("ALICE"));

        foreach (var removed in new[] { "alice", "Alice" })
        {
            Assert.Equal(FailureKind.UserExists, ChangeSet.Apply(Store.Read(text),
                [new AddUser(Sample.Account("x")), new RemoveUser(removed), third]).Results[2].Failure?.Kind);
        }

        Assert.Null(ChangeSet.Apply(Store.Read(text), [new AddUser(Sample.Account("x")), new RemoveUser("alice"),
            new RemoveUser("Alice"), third]).Results[3].Failure);
    }

    [Fact]
    public void Changes_without_effect_return_the_same_document()
    {
        var document = Store.Read(Sample.Alice);

        Assert.Same(document, ChangeSet.Apply(document, []).Edited);
        Assert.Same(document,
            ChangeSet.Apply(document, [Store.Annotate("alice", "x"), Store.Annotate("alice", "note")]).Edited);
        Assert.Same(
            document, ChangeSet.Apply(document, [new AddUser(Sample.Account("bob")), new RemoveUser("bob")]).Edited);
        Assert.Same(document, ChangeSet.Apply(document, [new RemoveUser("bob")]).Edited);
    }

    [Fact]
    public void Results_report_what_the_text_contains()
    {
        var (_, results) = ChangeSet.Apply(Store.Read(Sample.Alice),
            [Store.Annotate("alice", "first"), Store.Annotate("alice", "second"), new RemoveUser("alice")]);

        Assert.All(results, result => Assert.Null(result.Account));
    }

    [Fact]
    public void An_update_gives_back_an_earlier_name_only_if_it_is_free()
    {
        var (edited, results) = ChangeSet.Apply(
            Store.Read(Sample.Alice),
            [
                new AddUser(Sample.Account("carla")),
                new UpdateUser("alice", user => user with { Name = "carla" }),
                new UpdateUser("alice", user => user with { Name = "bob" }),
            ]);

        Assert.Equal(
            [null, FailureKind.UserExists, null], results.Select(result => result.Failure?.Kind));
        Assert.Equal(["bob", "carla"], edited.Entries.Select(entry => entry.Account.Name).Order());
    }

    [Fact]
    public void A_change_can_be_checked_before_it_is_made()
    {
        var set = new ChangeSet(Store.Read(Sample.Alice));

        Assert.Equal(FailureKind.UserExists, set.ReasonNotToAdd(Sample.Account("ALICE"))?.Kind);
        Assert.Null(set.ReasonNotToAdd(Sample.Account("bob")));
        Assert.Null(set.Apply(new AddUser(Sample.Account("bob"))).Failure);
        Assert.Equal(FailureKind.UserExists, set.ReasonNotToAdd(Sample.Account("bob"))?.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF# only a comment\r\n")]
    [InlineData("   \n\n")]
    [InlineData("---")]
    [InlineData("---\n")]
    [InlineData("--- # c\n")]
    [InlineData("---\n...\n")]
    [InlineData("null")]
    [InlineData("~\n")]
    [InlineData("{}")]
    [InlineData("{ }\n")]
    [InlineData("users:")]
    [InlineData("users:\n")]
    [InlineData("users: # c")]
    [InlineData("users: null # c\n# d\n")]
    [InlineData("users: {}\n")]
    [InlineData("users: {\n}\n")]
    [InlineData("users: { # c\n}\n")]
    [InlineData("{users: }")]
    [InlineData("{users: {}}")]
    [InlineData("{\"users\":null}")]
    [InlineData("{\"users\":{},\"x\":1}")]
    [InlineData("  other: 1\n  users:\n  # c\n")]
    [InlineData("  users: {}\n  other: 1\n")]
    [InlineData("users:\n    ~: {}\n")]
    [InlineData("users: {~: {}}\n")]
    [InlineData("{users: {null: 1}}")]
    [InlineData("? users\n: {}\n")]
    [InlineData("\"users\" : {}\n...\n# end")]
    public void The_first_user_can_be_added_to_any_file_without_users(string text)
    {
        var edited = Store.Change(text, new AddUser(Sample.Account("alice")), new AddUser(Sample.Account("bob")));

        Assert.Equal([Sample.Account("alice"), Sample.Account("bob")], Store.Read(edited).Users());
        Assert.Empty(Store.Read(Store.Change(edited, new RemoveUser("bob"), new RemoveUser("alice"))).Users());
        Assert.Equal(Lossless.Comments(Store.Read(text)), Lossless.Comments(Store.Read(edited)));
        Assert.Equal(
            text.Contains("\r\n", StringComparison.Ordinal), edited.Contains("\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "users:\n  ann:\n    enabled: true\n  zoe:\n    failed_attempts: 0\n", "zoe",
        "users:\n  ann:\n    failed_attempts: 0\n    enabled: true\n")]
    [InlineData(
        "users:\n  ann:\n    enabled: true\n  bob: {enabled: true}\n  zoe:\n    failed_attempts: 0\n", "bob zoe",
        "users:\n  ann:\n    failed_attempts: 0\n    enabled: true\n")]
    [InlineData(
        "users:\n  ann:\n    enabled: true\n  zoe:\n    failed_attempts: 0\n", "ann",
        "users:\n  zoe:\n    failed_attempts: 0\n")]
    public void A_user_who_becomes_the_last_gets_failed_attempts_so_that_the_file_does_not_look_cut_off(
        string text, string removed, string expected)
    {
        Assert.Equal(expected, Store.Change(text, [.. removed.Split(' ').Select(name => new RemoveUser(name))]));
    }

    [Theory]
    [InlineData("{x: 1}")]
    [InlineData("other: 1")]
    [InlineData("other: |\n  text")]
    [InlineData("http:\n  auth:\n    user_file: users.yaml\n")]
    public void No_user_is_added_to_another_kind_of_file(string text)
    {
        var refusal = Assert.Throws<DocumentException>(() => Store.Change(text, new AddUser(Sample.Account("alice"))));

        Assert.Contains("another file", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("users: {}", refusal.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users: {alice: {failed_attempts: 0}, bob: {failed_attempts: 0}, carol: {failed_attempts: 0}}")]
    [InlineData(
        "users: {alice: {failed_attempts: 0} , bob: {failed_attempts: 0}, # c\n  carol: {failed_attempts: 0}, # d\n"
            + "  }")]
    [InlineData(
        "{\"users\":{\"alice\":{\"failed_attempts\":0},\"bob\":{\"failed_attempts\":0},"
            + "\"carol\":{\"failed_attempts\":0}},\"x\":{}}")]
    [InlineData(
        "{users: {~: x, alice: {failed_attempts: 0}, null: y, bob: {failed_attempts: 0}, "
            + "carol: {failed_attempts: 0}}}")]
    public void Any_users_in_flow_style_can_be_removed_and_others_added_at_once(string text)
    {
        string[] names = ["alice", "bob", "carol"];
        for (var which = 0; which < 8; which++)
        {
            var removed = names.Where((_, i) => (which & (1 << i)) != 0).ToArray();
            foreach (var added in new string[][] { [], ["dora"], ["dora", "erin"] })
            {
                var edited = Store.Change(text, [.. removed.Select(name => new RemoveUser(name)),
                    .. added.Select(name => new AddUser(Sample.Account(name)))]);

                Assert.Equal([.. names.Except(removed), .. added], Store.Read(edited).Users().Select(u => u.Name));
            }
        }
    }

    [Fact]
    public void Missing_fields_are_written_when_they_get_a_value()
    {
        var text = "users:\n  alice:\n    # first\n    username: alice\n    failed_attempts: 0\n  bob: {}\n";

        Assert.Equal(
            "users:\n  alice:\n    # first\n    enabled: true\n    annotation: x\n    username: alice\n"
                + "    failed_attempts: 0\n  bob: {enabled: true}\n",
            Store.Change(text, new UpdateUser("alice", u => u with { Enabled = true, Annotation = "x" }),
                new UpdateUser("bob", u => u with { Enabled = true })));
    }

    [Theory]
    [InlineData("    annotation:\n", "    annotation: new\n")]
    [InlineData("    annotation: # why\n", "    annotation: new # why\n")]
    [InlineData("    annotation: |\n", "    annotation: new\n")]
    [InlineData("    annotation:\t# why\n", "    annotation: new\t# why\n")]
    [InlineData("    annotation: ~ # why\n", "    annotation: new # why\n")]
    [InlineData("    \"annotation\" :   'old'   # why\n", "    \"annotation\" :   new   # why\n")]
    [InlineData("    annotation: old\n      text # why\n", "    annotation: new # why\n")]
    [InlineData("    annotation: \"old\n      text\"\n", "    annotation: new\n")]
    [InlineData("    annotation: |\n      old\n      # text\n", "    annotation: new\n")]
    [InlineData(
        "    annotation: |- # why\n      old\n\n      text\n\n    # below\n",
        "    annotation: new # why\n\n    # below\n")]
    [InlineData("    annotation: >2+\n        old\n\n", "    annotation: new\n")]
    [InlineData("    annotation:\n      old\n", "    annotation:\n      new\n")]
    public void A_value_of_any_style_is_replaced_and_everything_around_it_stays(string line, string expected)
    {
        const string around = "users:\n  alice:\n    enabled: true\n{0}    failed_attempts: 0 # last\n# end\n";
        var text = around.Replace("{0}", line, StringComparison.Ordinal);

        Assert.Equal(around.Replace("{0}", expected, StringComparison.Ordinal),
            Store.Change(text, Store.Annotate("alice", "new")));
        Assert.Equal(
            around.Replace("{0}", expected, StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal),
            Store.Change(text.Replace("\n", "\r\n", StringComparison.Ordinal), Store.Annotate("alice", "new")));
    }

    [Theory]
    [InlineData("users: {  }\n", "users:\n    x:\n        username: x\n")]
    [InlineData(
        "users:\n  bob: {}\n  alice:\n   failed_attempts: 0\n",
        "users:\n  bob: {}\n  alice:\n   failed_attempts: 0\n  x:\n   username: x\n")]
    [InlineData("{users: {}}", "{users: {x: {username: x, ")]
    public void A_user_is_added_in_the_style_of_the_file(string text, string start)
    {
        var edited = Store.Change(text, new AddUser(Sample.Account("x")));

        Assert.StartsWith(start, edited, StringComparison.Ordinal);
        Assert.DoesNotContain(", }", edited, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_is_not_completed_if_another_is_added_after_it()
    {
        var text = "users:\n  ann:\n    enabled: true\n  zoe:\n    failed_attempts: 0\n";

        var edited = Store.Change(text, new RemoveUser("zoe"), new AddUser(Sample.Account("bob")));

        Assert.StartsWith("users:\n  ann:\n    enabled: true\n  bob:\n", edited, StringComparison.Ordinal);
    }

    [Fact]
    public void The_space_before_a_comment_is_kept_if_the_user_before_it_is_removed() => Assert.Equal(
        "users: {a: {}, # c\n  c: {}}",
        Store.Change("users: {a: {},b: {}, # c\n  c: {}}", new RemoveUser("b")));

    [Theory]
    [InlineData("users: {\n  alice: {enabled: true,\n    annotation, failed_attempts: 0}}", 3)]
    [InlineData("x: 1\n? users\n: alice: {}\n  bob: {}\n", 3)]
    public void An_edit_of_a_line_that_cannot_be_edited_is_refused_for_that_line(string text, int line)
    {
        var change = text.Contains("annotation", StringComparison.Ordinal)
            ? Store.Annotate("alice", "x")
            : new RemoveUser("alice");

        Assert.Equal(line, Assert.Throws<DocumentException>(() => Store.Change(text, change)).Line);
    }

    [Theory]
    [InlineData("{users}", "alice")]
    [InlineData("? users\n? other\n", "alice")]
    public void An_edit_that_the_text_has_no_room_for_is_refused_with_a_reason(string text, string name)
    {
        var refusal = Assert.Throws<DocumentException>(() =>
            ChangeSet.Apply(Store.Read(text), [new AddUser(Sample.Account(name))]));

        Assert.InRange(refusal.Line, 1, 2);
        Assert.NotEmpty(refusal.Remedy);
    }

    private static IEnumerable<string> Users(params UserChange[] changes) =>
        Store.Read(Store.Change(Sample.Alice, changes)).Users().Select(u => u.Name);
}
