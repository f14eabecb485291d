using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.Sessions;

/// <summary>Sessions of a user file: what is stored of them, and what ends them.</summary>
public sealed class SessionStoreTests : IDisposable
{
    private readonly AccountFile _file = new();
    private readonly SessionStore _store;

    public SessionStoreTests() => _store = new SessionStore(_file.File);

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Only_the_hash_of_a_token_is_stored()
    {
        var token = SessionToken.Create();

        _store.Begin(_file.Alice, token, SessionToken.Lifetime, maxSessions: 3);

        var text = File.ReadAllText(_file.SessionsPath);
        Assert.Contains(Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Store.Text(token)))),
            JsonNode.Parse(text)!["sessions"]![0]!["token_hash"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain(Store.Text(token)[..8], text, StringComparison.Ordinal);
        Assert.DoesNotContain(AccountFile.Hash[^8..], text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_owner_has_access_to_the_sessions_file_and_no_other_file_is_left()
    {
        Begin();

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file.SessionsPath));
        Assert.Equal(["users.yaml", "users.yaml.lock", "users.yaml.sessions.json"],
            Directory.GetFiles(Path.GetDirectoryName(_file.Path)!).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sessions_file_that_root_creates_belongs_to_the_owner_of_the_user_file(bool isThereBefore)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return;
        if (isThereBefore)
            BeginAndRecord();
        else
            File.Delete(_file.Path + ".lock");
        using (var chown = System.Diagnostics.Process.Start("chown", ["12345:23456", _file.Path]))
            chown.WaitForExit();

        BeginAndRecord();
        // The lock file of the audit file is given away with that file, at the next event.
        BeginAndRecord();

        var files = Directory.GetFiles(Path.GetDirectoryName(_file.Path)!);
        Assert.Equal(5, files.Length);
        Assert.All(files, file => Assert.Equal(
            (12345U, 23456U), (Core.Storage.FileStatus.Of(file)!.User, Core.Storage.FileStatus.Of(file)!.Group)));

        void BeginAndRecord()
        {
            Begin();
            Core.Audit.AuditLog.For(_file.File, null)!.Append(
                [Core.Audit.AuditLog.Now(Core.Audit.AuditEventKind.SignIn, "alice", true, "", "")]);
        }
    }

    [Fact]
    public void A_session_is_found_by_its_token_and_by_its_id()
    {
        var (token, session) = Begin();

        Assert.Equal(session, _store.Find(token));
        Assert.Equal(session, _store.Find(session.Id));
        Assert.Equal("alice", session.Username);
        Assert.Equal(SessionToken.Lifetime, session.ExpiresAt - session.IssuedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Another_token_finds_no_session(string token)
    {
        Begin();

        Assert.Null(_store.Find(Store.Secure(token)));
        Assert.Null(_store.Find(token));
    }

    [Fact]
    public void The_stored_hash_is_not_a_token()
    {
        var (_, session) = Begin();

        Assert.Null(_store.Find(Store.Secure(session.TokenHash)));
    }

    [Fact]
    public void An_expired_session_does_not_count_and_is_removed_by_the_next_write()
    {
        var (token, session) = Begin();
        Edit(session.Id, json => json["expires_at"] = DateTime.UtcNow.AddSeconds(-1).ToString("O"));

        Assert.Null(_store.Find(token));
        Assert.Empty(_store.Read());
        Assert.Contains(session.Id, File.ReadAllText(_file.SessionsPath), StringComparison.Ordinal);

        Begin();

        Assert.DoesNotContain(session.Id, File.ReadAllText(_file.SessionsPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_begins_in_the_future_does_not_count_and_is_removed_by_the_next_write()
    {
        var (token, session) = Begin();
        Edit(session.Id, json => json["issued_at"] = DateTime.UtcNow.AddMinutes(5).ToString("O"));

        Assert.Null(_store.Find(token));
        Assert.Null(_store.Find(session.Id));
        Assert.Empty(_store.Read());

        Begin();

        Assert.DoesNotContain(session.Id, File.ReadAllText(_file.SessionsPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void A_session_is_live_from_its_beginning_until_its_expiry(int seconds, bool isLive)
    {
        var begin = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var session = new SessionRecord("0123abcd", "alice", "", "", begin, begin.AddSeconds(60));

        Assert.Equal(isLive, session.IsLiveAt(begin.AddSeconds(seconds)));
    }

    [Fact]
    public void The_oldest_sessions_over_the_limit_end()
    {
        _file.Add("bob");
        var bobs = _store.Begin(_file.Find("bob"), SessionToken.Create(), SessionToken.Lifetime, maxSessions: 3).Begun;
        var sessions = Enumerable.Range(0, 3).Select(_ => Begin(maxSessions: 3).Session).ToArray();

        var (begun, ended) = _store.Begin(_file.Alice, SessionToken.Create(), SessionToken.Lifetime, maxSessions: 2);

        Assert.Equal([sessions[0], sessions[1]], ended);
        Assert.Equal([bobs, sessions[2], begun], _store.Read());
    }

    [Fact]
    public void Expired_sessions_and_those_of_an_older_password_do_not_count_toward_the_limit()
    {
        var (_, expired) = Begin();
        Begin();
        _file.Update("alice", account =>
            account with { PasswordHash = PasswordHash.Create(Store.Secure("another password of hers"), cost: 4) });
        Edit(expired.Id, json => json["expires_at"] = DateTime.UtcNow.AddSeconds(-1).ToString("O"));

        var (begun, ended) = _store.Begin(_file.Alice, SessionToken.Create(), SessionToken.Lifetime, maxSessions: 1);

        Assert.Empty(ended);
        Assert.Equal([begun], _store.Read());
    }

    [Fact]
    public void A_session_does_not_count_while_another_tool_has_its_account_disabled_changed_or_removed()
    {
        var (token, _) = Begin();
        var account = _file.Alice;

        File.WriteAllText(_file.Path, File.ReadAllText(_file.Path)
            .Replace("enabled: true", "enabled: false", StringComparison.Ordinal));
        Assert.Null(_store.Find(token));

        File.WriteAllText(_file.Path, File.ReadAllText(_file.Path)
            .Replace("enabled: false", "enabled: true", StringComparison.Ordinal));
        _file.Update("alice", a =>
            a with { PasswordHash = PasswordHash.Create(Store.Secure(AccountFile.Password), cost: 4) });
        Assert.Null(_store.Find(token));

        _file.Change(new RemoveUser("alice"));
        Assert.Null(_store.Find(token));

        File.Delete(_file.Path);
        Assert.Null(_store.Find(token));
        Assert.False(SessionStore.Counts(
            new SessionRecord("1", "alice", "", "", account.CreatedAt!.Value, DateTime.MaxValue), _file.File.Read()));
    }

    [Fact]
    public void A_sign_in_of_another_kind_does_not_end_a_session()
    {
        var (token, _) = Begin();

        _file.Update("alice", account =>
            account with { LastLogin = DateTime.UtcNow, FailedAttempts = 1, Annotation = "on leave" });

        Assert.NotNull(_store.Find(token));
    }

    [Theory]
    [InlineData("    bob:")]
    [InlineData("        enabled:")]
    public async Task A_session_is_found_while_a_server_is_writing_its_user(string next)
    {
        if (!OperatingSystem.IsLinux())
            return;
        _file.Add("bob");
        var token = SessionToken.Create();
        var session = _store.Begin(_file.Find("bob"), token, SessionToken.Lifetime, maxSessions: 1).Begun;
        var whole = File.ReadAllBytes(_file.Path);
        var half = whole.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(next));
        await using var writer = new FileStream(_file.Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        writer.Write(whole, 0, half);
        writer.Flush();
        var finder = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);

        var finding = Task.Run(() =>
        {
            finder.SetResult(Thread.CurrentThread);
            return _store.Find(token);
        });

        // It only waits for the end of the write.
        var thread = await finder.Task;
        while (!finding.IsCompleted && !thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            await Task.Yield();
        writer.Write(whole, half, whole.Length - half);
        writer.Close();
        Assert.Equal(session, await finding);
    }

    [Fact]
    public void Ending_sessions_returns_those_that_ended()
    {
        var (token, first) = Begin();
        var (_, second) = Begin();

        Assert.Equal([first], _store.End(session => session.Id == first.Id));
        Assert.Empty(_store.End(session => session.Id == first.Id));

        Assert.Null(_store.Find(token));
        Assert.Equal([second], _store.Read());
    }

    [Fact]
    public void Without_a_sessions_file_no_session_is_found_or_ended_and_none_is_created()
    {
        Assert.Empty(_store.Read());
        Assert.Empty(_store.End(_ => true));
        Assert.Null(_store.Find(SessionToken.Create()));

        Assert.False(File.Exists(_file.SessionsPath));
    }

    [Fact]
    public void Temporary_files_of_killed_writers_are_removed()
    {
        var left = Path.Combine(Path.GetDirectoryName(_file.Path)!, ".users.yaml.sessions.json.0123456789ab.tmp");
        File.WriteAllText(left, "");

        Begin();

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void A_symbolic_link_has_the_sessions_of_its_target()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (token, _) = Begin();
        var link = _file.Path + ".link";
        File.CreateSymbolicLink(link, _file.Path);

        Assert.NotNull(new SessionStore(new Core.UserFiles.UserFile(link)).Find(token));
    }

    [Fact]
    public void One_process_signs_in_a_second_validates_and_a_third_logs_out()
    {
        var token = Assert.Single(SignInProcess.Run(AccountFile.Password, ["sign-in", _file.Path, "alice"]));

        Assert.Equal(["alice"], SignInProcess.Run(token, ["validate", _file.Path]));
        Assert.NotNull(_store.Find(Store.Secure(token)));
        Assert.Equal(["1"], SignInProcess.Run(token, ["log-out", _file.Path]));

        Assert.Equal(["none"], SignInProcess.Run(token, ["validate", _file.Path]));
        Assert.Null(_store.Find(Store.Secure(token)));
    }

    [Fact]
    public void Processes_that_sign_in_at_the_same_moment_each_get_a_session()
    {
        var tokens = SignInProcess.RunAtOnce(6, AccountFile.Password, _ => ["sign-in", _file.Path, "alice"]);

        Assert.Equal(6, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.NotNull(_store.Find(Store.Secure(token))));
    }

    private (System.Security.SecureString Token, SessionRecord Session) Begin(int maxSessions = 10)
    {
        var token = SessionToken.Create();
        return (token, _store.Begin(_file.Alice, token, SessionToken.Lifetime, maxSessions).Begun);
    }

    private void Edit(string id, Action<JsonNode> edit)
    {
        var content = JsonNode.Parse(File.ReadAllBytes(_file.SessionsPath))!;
        edit(content["sessions"]!.AsArray().Single(session => session!["id"]!.GetValue<string>() == id)!);
        File.WriteAllText(_file.SessionsPath, content.ToJsonString());
    }
}
