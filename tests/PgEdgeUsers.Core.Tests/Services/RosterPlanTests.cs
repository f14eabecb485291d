using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Services;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Services;

public sealed class RosterPlanTests
{
    private const string Password = "tides under seven lanterns";

    private static readonly string[] Names = ["alice", "bob", "charlie", "dora", "Erin", "f.g@h"];

    private static readonly string CheapHash = PasswordHash.Create(Store.Secure(Password), cost: 4);

    [Property(MaxTest = 300, QuietOnSuccess = true)]
    public Property After_the_steps_the_file_is_what_the_roster_says_and_there_is_nothing_left_to_do() =>
        Prop.ForAll(Cases, given =>
        {
            var before = Snapshot(given.Users);

            var after = Apply(before, Plan(before, given.Roster, given.Missing));

            Assert.All(given.Roster.Where(entry => entry.IsRemoved), entry => Assert.Null(after.Find(entry.Name)));
            foreach (var entry in given.Roster.Where(entry => !entry.IsRemoved))
            {
                var account = after.Find(entry.Name)!;
                var earlier = before.Find(entry.Name);
                Assert.Equal(entry.Annotation ?? earlier?.Annotation ?? "", account.Annotation);
                Assert.Equal(entry.Enabled ?? earlier?.Enabled ?? true, account.Enabled);
                if (entry.Reference is { } reference)
                    Assert.Equal(reference.Account.PasswordHash, account.PasswordHash);
                else if (earlier is not null)
                    Assert.Equal(earlier.PasswordHash, account.PasswordHash);
                if (earlier is not null)
                    Assert.Equal((earlier.CreatedAt, earlier.LastLogin), (account.CreatedAt, account.LastLogin));
            }

            var names = given.Roster.Select(entry => entry.Name).ToHashSet();
            Assert.All(Plan(before, given.Roster, given.Missing).GetSteps(), step =>
                Assert.Equal(names.Contains(step.Username), step.IsInRoster));
            foreach (var user in given.Users.Where(user => !names.Contains(user.Name)))
            {
                UserAccount? expected = given.Missing switch
                {
                    MissingUsers.Remove => null,
                    MissingUsers.Disable => user with { Enabled = false },
                    _ => user,
                };
                Assert.Equal(expected, after.Find(user.Name));
            }

            Assert.All(Plan(after, given.Roster, given.Missing).GetSteps(), step =>
            {
                Assert.Equal(step.Before, step.After);
                Assert.Equal(NewPassword.None, step.NewPassword);
            });
            Assert.Same(after.Document, Apply(after, Plan(after, given.Roster, given.Missing)).Document);
        });

    [Fact]
    public void A_roster_without_users_is_refused() => AssertRefused(FailureKind.RosterInvalid, []);

    [Fact]
    public void A_roster_that_names_a_user_twice_is_refused() =>
        AssertRefused(FailureKind.RosterInvalid, [new RosterEntry("alice"), new RosterEntry("alice")]);

    [Theory]
    [InlineData(" alice")]
    [InlineData("alice smith")]
    [InlineData("")]
    public void A_roster_with_a_name_that_no_new_user_can_have_is_refused(string name) =>
        AssertRefused(FailureKind.RosterInvalid, [new RosterEntry("alice"), new RosterEntry(name)]);

    [Theory]
    [InlineData(4, 2, true)]
    [InlineData(4, 3, false)]
    [InlineData(5, 2, true)]
    [InlineData(5, 3, false)]
    [InlineData(1, 1, false)]
    public void At_most_half_of_the_users_may_be_removed_or_disabled(int users, int losses, bool isAllowed)
    {
        var current = Snapshot([.. Names.Take(users).Select(Sample.Account)]);
        RosterEntry[] disabled = [.. Names.Take(users).Select((name, i) =>
            new RosterEntry(name) { Enabled = i >= losses })];
        RosterEntry[] missing = users == losses
            ? [new RosterEntry("new.one") { Enabled = false }]
            : [.. Names.Take(users).Skip(losses).Select(name => new RosterEntry(name))];

        foreach (var plan in new[]
        {
            new RosterPlan(disabled, current),
            new RosterPlan(missing, current) { Missing = MissingUsers.Disable },
            new RosterPlan(missing, current) { Missing = MissingUsers.Remove },
        })
        {
            var failure = Record.Exception(() => plan.GetSteps()) as PgEdgeUsersException;
            Assert.Equal(isAllowed ? null : FailureKind.RosterDisablesTooMany, failure?.Kind);
        }
    }

    [Fact]
    public void Users_who_are_disabled_already_do_not_count_as_losses_when_missing_users_are_disabled()
    {
        var current = Snapshot([.. Names.Select(name => Sample.Account(name) with { Enabled = false })]);

        var steps = new RosterPlan([new RosterEntry("alice")], current) { Missing = MissingUsers.Disable }.GetSteps();

        Assert.All(steps, step => Assert.Equal(step.Before, step.After));
    }

    [Fact]
    public void A_new_user_gets_the_password_of_the_roster_or_a_generated_one_or_is_disabled_without_one()
    {
        RosterEntry[] roster =
        [
            new("with.password") { Password = Store.Secure(Password) },
            new("enabled"),
            new("disabled") { Enabled = false },
        ];

        Assert.Equal(
            [NewPassword.Given, NewPassword.Missing, NewPassword.None],
            new RosterPlan(roster, Snapshot([])).GetSteps().Select(step => step.NewPassword));
        Assert.Equal(
            [NewPassword.Given, NewPassword.Generated, NewPassword.Generated],
            new RosterPlan(roster, Snapshot([])) { GeneratesPasswords = true }.GetSteps()
                .Select(step => step.NewPassword));
    }

    [Fact]
    public void A_user_without_a_password_gets_a_well_formed_hash_of_its_own()
    {
        RosterEntry[] roster = [new("alice") { Enabled = false }, new("bob") { Enabled = false }];

        var hashes = new RosterPlan(roster, Snapshot([])).GetSteps().Select(step => step.After!.PasswordHash).ToArray();

        Assert.All(hashes, hash => Assert.True(PasswordHash.IsWellFormed(hash)));
        Assert.All(hashes, hash => Assert.False(PasswordHash.Verify(Store.Secure(""), hash)));
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void An_account_of_another_file_gives_its_annotation_status_and_hash_with_the_time_of_the_password()
    {
        var time = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        RosterEntry[] roster = [.. Names.Take(2).Select(name => RosterEntry.Of(
            Sample.Account(name) with { Annotation = "Ops", Enabled = false, PasswordHash = Sample.OtherHash },
            "/srv/other.yaml",
            time))];

        var steps = new RosterPlan(roster, Snapshot([Sample.Account("alice")])) { AllowsManyLosses = true }.GetSteps();

        Assert.Equal([typeof(UpdateUser), typeof(CopyUser)], steps.Select(step => step.Change.GetType()));
        Assert.All(steps, step =>
        {
            var after = step.After!;
            Assert.Equal(("Ops", false, Sample.OtherHash), (after.Annotation, after.Enabled, after.PasswordHash));
            Assert.Equal(time, step.Change.CopiedPassword!.LastSet);
        });
    }

    [Fact]
    public void A_password_that_the_user_has_already_is_no_change()
    {
        var current = Snapshot(
            [.. Names.Take(2).Select(name => Sample.Account(name) with { PasswordHash = CheapHash })]);
        var verified = new List<(int, int)>();

        var steps = new RosterPlan(
            [
                new RosterEntry("alice") { Password = Store.Secure(Password) },
                new RosterEntry("bob") { Password = Store.Secure(Password + ".") },
                new RosterEntry("new.one") { Password = Store.Secure(Password) },
            ],
            current)
        {
            OnVerified = (done, total) => verified.Add((done, total)),
        }.GetSteps();

        Assert.Equal(
            [NewPassword.None, NewPassword.Given, NewPassword.Given], steps.Select(step => step.NewPassword));
        Assert.Equal(
            [null, Password + ".", Password],
            steps.Select(step => step.Password is null ? null : Store.Text(step.Password)));
        Assert.Equal([(1, 2), (2, 2)], verified);
    }

    [Fact]
    public void Enabling_a_user_clears_the_failed_attempts_and_an_enabled_user_keeps_them()
    {
        var current = Snapshot(
        [
            Sample.Account("alice") with { Enabled = false, FailedAttempts = 5 },
            Sample.Account("bob") with { FailedAttempts = 3 },
        ]);

        var after = Apply(current, new RosterPlan(
            [new RosterEntry("alice") { Enabled = true }, new RosterEntry("bob") { Enabled = true }], current));

        Assert.Equal([0, 3], after.Users.Select(user => user.FailedAttempts));
    }

    [Fact]
    public void A_user_whose_name_looks_like_a_new_one_stays_and_the_new_one_is_refused()
    {
        var current = Snapshot([Sample.Account("alice"), Sample.Account("bob"), Sample.Account("charlie")]);
        RosterEntry[] roster = [new("Alice") { Enabled = false }, new("bob")];

        var steps = new RosterPlan(roster, current) { Missing = MissingUsers.Remove }.GetSteps();
        var (edited, results) = ChangeSet.Apply(current.Document, steps.Select(step => step.Change));

        Assert.Equal([FailureKind.UserExists, null, null, null], results.Select(result => result.Failure?.Kind));
        Assert.Equal(["alice", "bob"], edited.Users().Select(user => user.Name));
    }

    [Fact]
    public void The_users_of_the_roster_come_first_in_its_order_and_then_the_missing_ones_by_name()
    {
        var current = Snapshot([.. Enumerable.Reverse(Names).Select(Sample.Account)]);

        var steps = new RosterPlan([new("dora"), new("charlie"), new("bob")], current).GetSteps();

        Assert.Equal(["dora", "charlie", "bob", "alice", "Erin", "f.g@h"], steps.Select(step => step.Username));
    }

    [Fact]
    public void A_user_with_an_invalid_entry_stays_as_it_is()
    {
        var current = Snapshot([Sample.Account("alice"), Sample.Account("bob")]);

        var steps = new RosterPlan(
            [new RosterEntry("alice") { IsInvalid = true, Annotation = "x" }, new RosterEntry("bob")], current)
        {
            Missing = MissingUsers.Remove,
        }.GetSteps();

        Assert.Equal("bob", Assert.Single(steps).Username);
    }

    [Fact]
    public void An_entry_for_an_existing_user_adds_nobody_and_may_have_a_name_that_no_new_user_can_have()
    {
        var current = Snapshot([Sample.Account("alice")]);

        var steps = new RosterPlan(
            [
                new RosterEntry("=cmd()") { IsForExistingUser = true, IsRemoved = true },
                new RosterEntry("Alice") { IsForExistingUser = true, Enabled = false },
            ],
            current)
        {
            Missing = MissingUsers.Disable,
            AllowsManyLosses = true,
        }.GetSteps();

        var step = Assert.Single(steps);
        Assert.Equal(("alice", false), (step.Username, step.After!.Enabled));
    }

    private static void AssertRefused(FailureKind kind, RosterEntry[] roster)
    {
        var current = Snapshot([Sample.Account("alice")]);

        var failure = Assert.Throws<PgEdgeUsersException>(
            () => new RosterPlan(roster, current) { AllowsManyLosses = true }.GetSteps());

        Assert.Equal(kind, failure.Kind);
    }

    private sealed record Case(UserAccount[] Users, RosterEntry[] Roster, MissingUsers Missing);

    private static Arbitrary<Case> Cases => (
        from users in SomeNames.SelectMany(names => Each(names, Account))
        from roster in SomeNames.Where(names => names.Length > 0).SelectMany(names => Each(names, Entry))
        from missing in Gen.Elements(Enum.GetValues<MissingUsers>())
        select new Case(users, roster, missing)).ToArbitrary();

    private static Gen<string[]> SomeNames =>
        from isIn in Gen.ArrayOf(Gen.Elements(true, false), Names.Length)
        select Names.Where((_, i) => isIn[i]).ToArray();

    private static Gen<T[]> Each<T>(string[] names, Func<string, Gen<T>> generator) =>
        names.Aggregate(
            Gen.Constant(Array.Empty<T>()),
            (all, name) => from before in all from item in generator(name) select (T[])[.. before, item]);

    private static Gen<UserAccount> Account(string name) =>
        from enabled in Gen.Elements(true, false)
        from annotation in Gen.Elements("", "note", "a: b # c")
        from hash in Gen.Elements(Sample.Hash, Sample.OtherHash)
        select Sample.Account(name) with { Enabled = enabled, Annotation = annotation, PasswordHash = hash };

    private static Gen<RosterEntry> Entry(string name) => Gen.OneOf(
        Gen.Constant(new RosterEntry(name) { IsForExistingUser = true, IsRemoved = true }),
        from account in Account(name) select RosterEntry.Of(account, "reference", null),
        from enabled in Gen.Elements<bool?>(true, false, null)
        from annotation in Gen.Elements("", "note", "other", null)
        select new RosterEntry(name) { Enabled = enabled, Annotation = annotation });

    private static RosterPlan Plan(UserFileSnapshot current, RosterEntry[] roster, MissingUsers missing) =>
        new(roster, current) { Missing = missing, AllowsManyLosses = true };

    private static UserFileSnapshot Apply(UserFileSnapshot current, RosterPlan plan)
    {
        var (edited, results) = ChangeSet.Apply(current.Document, plan.GetSteps().Select(step => step.Change));
        Assert.All(results, result => Assert.Null(result.Failure));
        return new UserFileSnapshot(status: null, DocumentText.Encode(edited.Text), edited);
    }

    private static UserFileSnapshot Snapshot(UserAccount[] users)
    {
        var text = Store.Change("users: {}\n", [.. users.Select(user => new AddUser(user))]);
        return new UserFileSnapshot(status: null, DocumentText.Encode(text), Store.Read(text));
    }
}
