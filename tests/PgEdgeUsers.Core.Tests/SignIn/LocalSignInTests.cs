using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.SignIn;

/// <summary>Sign-in against the user file: the decision, and what is on disk when it returns.</summary>
public sealed class LocalSignInTests : IDisposable
{
    private static readonly string[] Names = ["alice", "nobody", "charlie"];

    private readonly AccountFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void The_right_password_signs_in_and_is_recorded()
    {
        _file.Update("alice", account => account with { FailedAttempts = 2 });

        var result = SignIn("alice", AccountFile.Password);

        Assert.Equal(new SignInResult(_file.Alice, Reason: null, IsLockedNow: false), result);
        Assert.InRange(_file.Alice.LastLogin!.Value, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow);
        Assert.Equal(0, _file.Alice.FailedAttempts);
    }

    [Theory]
    [InlineData("not the right password")]
    [InlineData("Tides under seven lanterns")]
    [InlineData("tides under seven lanterns ")]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("\ud83d")]
    public void Another_password_is_refused_and_counted(string password)
    {
        Assert.Equal(RefusalReason.WrongPassword, SignIn("alice", password).Reason);

        Assert.Equal(1, _file.Alice.FailedAttempts);
        Assert.Null(_file.Alice.LastLogin);
    }

    [Theory]
    [InlineData(73)]
    [InlineData(1_000)]
    [InlineData(60_000)]
    public void A_password_that_is_too_long_is_wrong(int length)
    {
        Assert.Equal(RefusalReason.WrongPassword, SignIn("alice", new string('x', length)).Reason);

        Assert.Equal(1, _file.Alice.FailedAttempts);
    }

    [Theory]
    [InlineData("Alice")]
    [InlineData("alice ")]
    [InlineData("")]
    [InlineData("alice\n")]
    [InlineData("*")]
    public void An_unknown_name_is_refused_and_nothing_is_written(string name)
    {
        var before = File.ReadAllBytes(_file.Path);

        Assert.Equal(RefusalReason.UnknownUser, SignIn(name, AccountFile.Password).Reason);

        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Fact]
    public void A_disabled_account_is_refused_with_any_password_and_the_attempt_is_not_counted()
    {
        _file.Add("charlie", enabled: false);
        var before = File.ReadAllBytes(_file.Path);

        Assert.Equal(RefusalReason.AccountDisabled, SignIn("charlie", AccountFile.Password).Reason);
        Assert.Equal(RefusalReason.AccountDisabled, SignIn("charlie", "not the right password").Reason);

        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tides under seven lanterns")]
    [InlineData("$2a$04$tooshort")]
    [InlineData("$2a$99$KTAiCFqQqCfwEZ93ApWafe2Nf0jSd6.mDUbkHBhO0jB9k0zXMx1VC")]
    [InlineData("$1$salt$qJH7.N4xYta3aEG/dfqo/0")]
    public void An_account_with_a_malformed_hash_is_refused_and_the_attempt_is_counted(string hash)
    {
        _file.Add("mallory", hash);

        Assert.Equal(RefusalReason.MalformedHash, SignIn("mallory", AccountFile.Password).Reason);
        Assert.Equal(RefusalReason.MalformedHash, SignIn("mallory", "").Reason);

        Assert.Equal(2, _file.Find("mallory").FailedAttempts);
    }

    [Fact]
    public void An_empty_password_is_refused_even_if_the_hash_matches_it()
    {
        _file.Add("mallory", PasswordHash.Create(Store.Secure(""), cost: 4));

        Assert.Equal(RefusalReason.WrongPassword, SignIn("mallory", "").Reason);

        Assert.Equal(1, _file.Find("mallory").FailedAttempts);
    }

    [Theory]
    [InlineData("alice", false)]
    [InlineData("bob", false)]
    [InlineData("nobody", true)]
    [InlineData("charlie", true)]
    [InlineData("charlie", false)]
    [InlineData("mallory", true)]
    public void Every_refusal_hashes_one_password_of_the_usual_cost(string name, bool isRight)
    {
        const int UsualCost = 6;
        _file.Add("bob", PasswordHash.Create(Store.Secure(AccountFile.Password), UsualCost));
        _file.Add("charlie", enabled: false);
        _file.Add("mallory", "malformed");
        var rounds = 0;
        var signIn = new LocalSignIn(_file.Path, 0)
        {
            Cost = UsualCost,
            Verify = (given, hash) =>
            {
                rounds += PasswordHash.IsWellFormed(hash) ? 1 << PasswordHash.CostOf(hash) : 0;
                return PasswordHash.Verify(given, hash);
            },
        };

        Assert.NotNull(
            signIn.SignIn(name, Store.Secure(isRight ? AccountFile.Password : "not the right password")).Reason);

        Assert.Equal(1 << UsualCost, rounds);
    }

    [Theory]
    [InlineData("nobody", "not the right password")]
    [InlineData("charlie", "not the right password")]
    [InlineData("charlie", AccountFile.Password)]
    public void An_attempt_that_is_not_recorded_takes_the_same_steps_as_one_that_is(string name, string password)
    {
        _file.Add("charlie", enabled: false);

        var recorded = StepsOf("alice", "not the right password");

        Assert.Contains(SaveStep.Rename, recorded);
        Assert.Equal(recorded, StepsOf(name, password));

        List<SaveStep> StepsOf(string who, string given)
        {
            var steps = new List<SaveStep>();
            var writer = new HookedWriter((step, _) => steps.Add(step));
            new LocalSignIn(_file.Path, 0) { Cost = 4, Writer = writer }.SignIn(who, Store.Secure(given));
            return steps;
        }
    }

    /// <summary>
    /// If the system does not report writers, reading a file that was just written takes longer. The time of the file
    /// must therefore not reveal whether the last attempt was recorded.
    /// </summary>
    [Theory]
    [InlineData("alice")]
    [InlineData("nobody")]
    [InlineData("charlie")]
    public void Every_kind_of_attempt_leaves_the_file_equally_recently_written(string name)
    {
        _file.Add("charlie", enabled: false);
        var longAgo = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(_file.Path, longAgo);

        SignIn(name, "not the right password");

        Assert.NotEqual(longAgo, File.GetLastWriteTimeUtc(_file.Path));
    }

    [Fact]
    public void No_refusal_leaves_a_file_in_the_folder()
    {
        _file.Add("charlie", enabled: false);
        foreach (var name in Names)
            SignIn(name, "not the right password");

        Assert.Equal(["users.yaml", "users.yaml.lock"], Directory.GetFiles(Path.GetDirectoryName(_file.Path)!)
            .Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Every_sign_in_fails_the_same_way_if_attempts_cannot_be_recorded()
    {
        _file.Add("charlie", enabled: false);
        File.Delete(_file.Path + ".lock");
        Directory.CreateDirectory(_file.Path + ".lock");

        var failures = Names
            .Select(name => Assert.Throws<PgEdgeUsersException>(() => SignIn(name, "not the right password")))
            .Append(Assert.Throws<PgEdgeUsersException>(() => SignIn("alice", AccountFile.Password)));

        Assert.Single(failures.Select(failure => (failure.Kind, failure.Message)).Distinct());
    }

    [Fact]
    public void The_account_is_locked_at_the_threshold_and_stays_refused_with_the_right_password()
    {
        var attempts = Enumerable.Range(0, 3).Select(_ => SignIn("alice", "not the right password", threshold: 3))
            .ToArray();

        Assert.Equal([false, false, true], attempts.Select(attempt => attempt.IsLockedNow));
        Assert.Equal((false, 3), (_file.Alice.Enabled, _file.Alice.FailedAttempts));
        Assert.Equal(RefusalReason.AccountDisabled, SignIn("alice", AccountFile.Password, threshold: 3).Reason);
        Assert.Equal((false, 3), (_file.Alice.Enabled, _file.Alice.FailedAttempts));
    }

    [Fact]
    public void A_success_below_the_threshold_resets_the_count()
    {
        SignIn("alice", "not the right password", threshold: 2);
        SignIn("alice", AccountFile.Password, threshold: 2);

        Assert.False(SignIn("alice", "not the right password", threshold: 2).IsLockedNow);
        Assert.True(_file.Alice.Enabled);
    }

    [Fact]
    public void Without_a_threshold_no_account_is_ever_locked()
    {
        _file.Update("alice", account => account with { FailedAttempts = int.MaxValue });

        Assert.False(SignIn("alice", "not the right password").IsLockedNow);

        Assert.Equal((true, int.MaxValue), (_file.Alice.Enabled, _file.Alice.FailedAttempts));
    }

    [Fact]
    public void The_current_password_counts_if_it_was_changed_after_the_file_was_read()
    {
        var seen = _file.File.Read();
        _file.Update("alice", account =>
            account with { PasswordHash = PasswordHash.Create(Store.Secure("another password of hers"), cost: 4) });

        Assert.Equal(RefusalReason.WrongPassword, new LocalSignIn(_file.Path, 0) { Cost = 4 }.SignIn(
            "alice", Store.Secure(AccountFile.Password), seen).Reason);
        Assert.Null(new LocalSignIn(_file.Path, 0) { Cost = 4 }.SignIn(
            "alice", Store.Secure("another password of hers"), seen).Reason);
    }

    [Fact]
    public void A_user_who_was_added_or_removed_after_the_file_was_read_is_known_or_unknown()
    {
        var seen = _file.File.Read();
        _file.Add("bob");
        _file.Change(new RemoveUser("alice"));

        Assert.Null(
            new LocalSignIn(_file.Path, 0) { Cost = 4 }.SignIn("bob", Store.Secure(AccountFile.Password), seen).Reason);
        Assert.Equal(RefusalReason.UnknownUser, new LocalSignIn(_file.Path, 0) { Cost = 4 }.SignIn(
            "alice", Store.Secure(AccountFile.Password), seen).Reason);
    }

    [Fact]
    public void An_account_that_was_disabled_after_the_file_was_read_is_refused()
    {
        var seen = _file.File.Read();
        _file.Update("alice", account => account with { Enabled = false });

        Assert.Equal(RefusalReason.AccountDisabled, new LocalSignIn(_file.Path, 0) { Cost = 4 }.SignIn(
            "alice", Store.Secure(AccountFile.Password), seen).Reason);
    }

    [LinuxFact]
    public async Task A_file_that_a_server_has_only_partly_written_is_not_used_for_a_sign_in()
    {
        _file.Add("bob");
        var whole = File.ReadAllBytes(_file.Path);
        var half = whole.AsSpan().IndexOf("    bob:"u8);
        await using (var writer = new FileStream(_file.Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            writer.Write(whole, 0, half);
            writer.Flush();
            File.Delete(_file.Path + ".lock");
            var signIn = Task.Run(() => SignIn("alice", "not the right password"));
            // The lock is taken after the password was checked against the earlier state.
            while (!File.Exists(_file.Path + ".lock") && !signIn.IsCompleted)
                await Task.Yield();
            writer.Write(whole, half, whole.Length - half);
            writer.Close();

            Assert.Equal(RefusalReason.WrongPassword, (await signIn).Reason);
        }

        Assert.Equal((1, 0), (_file.Alice.FailedAttempts, _file.Find("bob").FailedAttempts));
    }

    [Fact]
    public void A_file_without_users_refuses_everyone()
    {
        _file.Change(new RemoveUser("alice"));

        Assert.Equal(RefusalReason.UnknownUser, SignIn("alice", AccountFile.Password).Reason);
    }

    [Fact]
    public void Eight_processes_with_ten_wrong_passwords_each_make_eighty_failed_attempts()
    {
        var answers = SignInProcess.RunAtOnce(8, "not the right password", _ =>
            ["attempt", _file.Path, "alice", "10", "0"]);

        Assert.Equal(Enumerable.Repeat("WrongPassword", 80), answers);
        Assert.Equal((true, 80), (_file.Alice.Enabled, _file.Alice.FailedAttempts));
    }

    [Fact]
    public void Eight_processes_lock_an_account_at_exactly_the_threshold()
    {
        var answers = SignInProcess.RunAtOnce(8, "not the right password", _ =>
            ["attempt", _file.Path, "alice", "10", "25"]);

        Assert.Equal(25, answers.Count(answer => answer == "WrongPassword"));
        Assert.Equal(55, answers.Count(answer => answer == "AccountDisabled"));
        Assert.Equal((false, 25), (_file.Alice.Enabled, _file.Alice.FailedAttempts));
    }

    [Fact]
    public void Sign_ins_of_many_processes_at_once_all_succeed()
    {
        var answers = SignInProcess.RunAtOnce(4, AccountFile.Password, _ => ["attempt", _file.Path, "alice", "5", "1"]);

        Assert.Equal(Enumerable.Repeat("Success", 20), answers);
        Assert.Equal((true, 0), (_file.Alice.Enabled, _file.Alice.FailedAttempts));
    }

    private SignInResult SignIn(string name, string password, int threshold = 0) =>
        new LocalSignIn(_file.Path, threshold) { Cost = 4 }.SignIn(name, Store.Secure(password));
}
