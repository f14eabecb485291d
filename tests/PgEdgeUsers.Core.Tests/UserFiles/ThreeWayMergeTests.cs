using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Which changes are made again if an old state is back, and what is kept of the changes of others.</summary>
public sealed class ThreeWayMergeTests
{
    private static readonly UserAccount Old = Sample.Account(
        "alice") with { Annotation = "old", FailedAttempts = 3, Enabled = false };

    private static readonly UserAccount New = Old with { Annotation = "new", FailedAttempts = 0, Enabled = true,
        PasswordHash = Sample.OtherHash };

    [Fact]
    public void An_edit_that_is_still_there_is_left_alone()
    {
        var now = Document(New);

        Assert.Same(now, Edit(Old, New).ApplyTo(now));
    }

    [Fact]
    public void A_value_that_was_restored_is_replaced_again() => Assert.Equal(New, After(Edit(Old, New), Old));

    [Fact]
    public void A_third_value_is_newer_than_both() =>
        Assert.Equal(New with { Annotation = "third", FailedAttempts = 4 },
            After(Edit(Old, New), Old with { Annotation = "third", FailedAttempts = 4 }));

    [Fact]
    public void A_field_that_the_edit_did_not_touch_is_left_as_it_is() =>
        Assert.Equal(
            New with { LastLogin = Sample.Created }, After(Edit(Old, New), Old with { LastLogin = Sample.Created }));

    [Fact]
    public void A_sign_in_that_was_recorded_after_the_edit_keeps_the_edit_as_it_is()
    {
        var now = Document(New with { LastLogin = Sample.Created });

        Assert.Same(now, Edit(Old, New).ApplyTo(now));
    }

    [Fact]
    public void A_last_login_that_the_edit_wrote_gives_way_to_a_newer_one()
    {
        var ours = Old with { LastLogin = Sample.Created };

        Assert.Equal(ours, After(Edit(Old, ours), Old));
        Assert.Equal(Sample.Created.AddDays(1),
            After(Edit(Old, ours), Old with { LastLogin = Sample.Created.AddDays(1) })!.LastLogin);
    }

    [Fact]
    public void An_added_account_that_is_gone_is_added_again() => Assert.Equal(New, After(Edit(null, New), null));

    [Fact]
    public void An_added_account_that_another_changed_is_left_alone() =>
        Assert.Equal(New with { Annotation = "theirs" }, After(Edit(null, New), New with { Annotation = "theirs" }));

    [Fact]
    public void A_removed_account_that_is_back_is_removed_again()
    {
        Assert.Null(After(Edit(Old, null), Old));
        Assert.Null(After(Edit(Old, null), Old with { LastLogin = Sample.Created, FailedAttempts = 0 }));
    }

    [Fact]
    public void A_removed_account_that_was_created_again_stays()
    {
        var recreated = New with { CreatedAt = Sample.Created.AddHours(1) };

        Assert.Equal(recreated, After(Edit(Old, null), recreated));
    }

    [Fact]
    public void A_changed_account_that_another_removed_stays_removed() => Assert.Null(After(Edit(Old, New), null));

    [Fact]
    public void An_account_that_was_replaced_is_replaced_again_with_its_date()
    {
        var recreated = New with { CreatedAt = Sample.Created.AddHours(1), DisplayName = "Alice" };

        Assert.Equal(recreated, After(Edit(Old, recreated), Old));
    }

    [Fact]
    public void Names_that_the_edit_did_not_change_are_ignored()
    {
        var edit = new ThreeWayMerge(Document(Old), Document(Old), ["alice", "nobody"]);
        var now = Document(New);

        Assert.Same(now, edit.ApplyTo(now));
    }

    [Fact]
    public void All_changes_that_are_missing_are_made_again_and_everything_else_stays()
    {
        var bob = Sample.Account("bob");
        var carol = Sample.Account("carol");
        var edit = new ThreeWayMerge(Document(Old, bob), Document(New, carol), ["alice", "bob", "carol"]);

        var now = edit.ApplyTo(Document(bob, Sample.Account("dave"), Old));

        Assert.Equal([New, Sample.Account("dave"), Sample.Account("zoe"), carol], now.Entries.Select(e => e.Account));
        Assert.Same(now, edit.ApplyTo(now));
    }

    [Fact]
    public void A_renamed_account_that_is_back_under_its_old_name_is_renamed_again_and_keeps_newer_sign_ins()
    {
        var edit = Rename([Old], ("alice", "bob"));

        var now = edit.ApplyTo(Document(Old with { LastLogin = Sample.Created, FailedAttempts = 0 }));

        var bob = Old with { Name = "bob", DisplayName = "bob", LastLogin = Sample.Created, FailedAttempts = 0 };
        Assert.Equal([bob, Sample.Account("zoe")], now.Entries.Select(e => e.Account));
        Assert.Same(now, edit.ApplyTo(now));
    }

    [Fact]
    public void A_renamed_account_that_is_there_under_both_names_loses_the_old_one()
    {
        var bob = Old with { Name = "bob", DisplayName = "bob" };

        Assert.Equal(["bob", "zoe"], Names(Rename([Old], ("alice", "bob")).ApplyTo(Document(Old, bob))));
    }

    [Fact]
    public void A_renamed_account_that_is_gone_is_added_again() =>
        Assert.Equal(["zoe", "bob"], Names(Rename([Old], ("alice", "bob")).ApplyTo(Document())));

    [Fact]
    public void An_account_that_was_created_under_the_old_name_of_another_stays()
    {
        var now = Document(
            Old with { CreatedAt = Sample.Created.AddHours(1) }, Old with { Name = "bob", DisplayName = "bob" });

        Assert.Same(now, Rename([Old], ("alice", "bob")).ApplyTo(now));
    }

    [Fact]
    public void Names_that_were_passed_on_or_exchanged_are_restored_from_the_old_state()
    {
        var bob = Sample.Account("bob") with { PasswordHash = Sample.OtherHash };
        foreach (var renames in new (string, string)[][]
        {
            [("alice", "carol"), ("bob", "alice")],
            [("alice", "x"), ("bob", "alice"), ("x", "bob")],
        })
        {
            var edit = Rename([Old, bob], renames);
            var expected = ChangeSet.Apply(
                Document(Old, bob), renames.Select(r => new RenameUser(r.Item1, r.Item2))).Edited;

            var now = edit.ApplyTo(Document(Old with { LastLogin = Sample.Created }, bob));

            Assert.Same(expected, edit.ApplyTo(expected));
            Assert.Equal(Names(expected), Names(now));
            Assert.Equal(Sample.OtherHash, now.Find("alice")!.Account.PasswordHash);
            Assert.Equal([Sample.Created], now.Entries.Select(e => e.Account.LastLogin).OfType<DateTime>());
            Assert.Same(now, edit.ApplyTo(now));
        }
    }

    [Fact]
    public void A_user_that_was_renamed_and_then_changed_is_restored_as_one_user()
    {
        var edit = Of([Old], new RenameUser("alice", "bob"), Store.Annotate("bob", "new"));

        var now = edit.ApplyTo(Document(Old));

        var bob = Old with { Name = "bob", DisplayName = "bob", Annotation = "new" };
        Assert.Equal([bob, Sample.Account("zoe")], now.Entries.Select(e => e.Account));
    }

    [Fact]
    public void A_user_that_was_added_under_the_old_name_of_another_is_added_again_after_that_is_renamed_again()
    {
        var added = Sample.Account("alice") with { CreatedAt = Sample.Created.AddHours(1) };
        var edit = Of([Old], new RenameUser("alice", "bob"), new AddUser(added));

        var now = edit.ApplyTo(edit.ApplyTo(Document(Old)));

        Assert.Equal(["bob", "zoe", "alice"], Names(now));
    }

    [Fact]
    public void A_rename_that_failed_is_not_part_of_the_edit()
    {
        var now = Document(Old);

        Assert.Same(now, Rename([Old], ("alice", "zoe")).ApplyTo(now));
    }

    private static ThreeWayMerge Rename(UserAccount[] accounts, params (string Old, string New)[] renames) =>
        Of(accounts, [.. renames.Select(rename => new RenameUser(rename.Old, rename.New))]);

    private static ThreeWayMerge Of(UserAccount[] accounts, params UserChange[] changes)
    {
        var before = Document(accounts);
        var (after, results) = ChangeSet.Apply(before, changes);
        return ThreeWayMerge.Of(before, after, results);
    }

    private static IEnumerable<string> Names(UserDocument document) => document.Entries.Select(e => e.Account.Name);

    private static ThreeWayMerge Edit(UserAccount? before, UserAccount? after) =>
        new(Document(before), Document(after), ["alice"]);

    private static UserAccount? After(ThreeWayMerge edit, UserAccount? now) =>
        edit.ApplyTo(Document(now)).Find("alice")?.Account;

    private static UserDocument Document(params UserAccount?[] accounts) =>
        UserDocument.Parse(Sample.Text(accounts.OfType<UserAccount>().Append(Sample.Account("zoe"))));
}
