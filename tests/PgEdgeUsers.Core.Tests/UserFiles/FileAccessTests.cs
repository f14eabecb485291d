using System.Diagnostics;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Who has access to the file after an edit: only its owner, but always the running server.</summary>
public sealed class FileAccessTests : IDisposable
{
    private const uint Administrator = 12345;
    private const uint ServersAccount = 23456;
    private const uint SharedGroup = 34567;

    private readonly TestFolder _folder = new();
    private readonly List<Process> _servers = [];

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("0277")]
    [InlineData("0777")]
    [InlineData("0177")]
    [InlineData("0")]
    public void Whatever_the_umask_every_file_has_exactly_mode_0600(string umask)
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.WriteUsers();
        // .NET keeps generated code in a file, which it could not open under such a umask.
        string[] under = ["sh", "-c", $"umask {umask}; DOTNET_EnableWriteXorExecute=0 exec \"$0\" \"$@\""];
        using var child = Child.StartAs(["change", path, "note", "add"], under);
        Assert.Equal(["note", "add"], child.ReadToEnd()[..2]);

        foreach (var file in new[] { path, path + ".lock" })
            Assert.Equal(FileStatus.OwnerOnly, File.GetUnixFileMode(file));
    }

    [RootFact]
    public void The_account_of_a_server_that_reads_through_the_files_group_gets_the_file()
    {
        var path = Write(0, SharedGroup, 0x1A0);
        Serve(ServersAccount, SharedGroup);

        var update = new UserFile(path) { NoWait = true }.Update([Changes.Note()]);

        Assert.Equal((ServersAccount, FileStatus.OwnerOnly), (FileStatus.Of(path)!.User, FileStatus.Of(path)!.Mode));
        var change = Assert.Single(update.AccessChanges);
        Assert.Equal((AccessChangeKind.Given, "23456"), (change.Kind, change.Subject));
        Assert.Contains($"now belongs to {ServersAccount}", change.Message, StringComparison.Ordinal);
        Assert.True(CanRead(path, ServersAccount, ServersAccount));
    }

    [RootFact]
    public void The_account_of_a_server_that_reads_through_an_access_list_gets_the_file()
    {
        var path = Write(0, 0, 0x180);
        Run("setfacl", "-m", $"u:{ServersAccount}:r", path);
        Serve(ServersAccount, ServersAccount);

        var update = new UserFile(path) { NoWait = true }.Update([Changes.Note()]);

        Assert.Equal(AccessChangeKind.Given, Assert.Single(update.AccessChanges).Kind);
        Assert.True(CanRead(path, ServersAccount, ServersAccount));
    }

    [RootFact]
    public void The_sidecar_files_are_given_away_with_the_file_and_root_and_the_new_owner_can_continue()
    {
        var path = Write(Administrator, SharedGroup, 0x1A0);
        var file = new UserFile(path) { NoWait = true };
        foreach (var sidecar in new[] { ".lock", ".audit.jsonl.lock", ".sessions.json" })
        {
            File.WriteAllText(path + sidecar, sidecar == ".sessions.json" ? "{\"version\":1,\"sessions\":[]}" : "");
            Machine.SetMode(path + sidecar, 0x180);
            Machine.GiveAway(path + sidecar, Administrator, SharedGroup);
        }

        Record("before");
        Machine.GiveAway(path + ".audit.jsonl", Administrator, SharedGroup);
        Serve(ServersAccount, SharedGroup);

        file.Update([Changes.Note()]);
        Record("after");
        file.Update([Changes.Disable()]);

        foreach (var sidecar in Directory.GetFiles(_folder.Path, "users.yaml*"))
        {
            Assert.Equal(
                (ServersAccount, FileStatus.OwnerOnly), (FileStatus.Of(sidecar)!.User, FileStatus.Of(sidecar)!.Mode));
        }

        Assert.Equal(["before", "after"], AuditLog.For(file, asked: null)!.Read().Select(e => e.User));
        Machine.GiveAway(_folder.Path, ServersAccount, ServersAccount);
        using var child = Child.StartAs(["--as", $"{ServersAccount}:{SharedGroup}", "change", path, "note", "enable"]);
        Assert.Equal(["note", "enable"], child.ReadToEnd()[..2]);

        void Record(string user) => AuditLog.For(file, asked: null)!
            .Append([AuditLog.Now(AuditEventKind.AnnotationSet, user, success: true, "", path)]);
    }

    [RootFact]
    public void An_edit_of_the_owner_that_would_lock_the_server_out_is_refused_with_what_to_do()
    {
        var path = Write(Administrator, SharedGroup, 0x1A0);
        Machine.GiveAway(_folder.Path, Administrator, Administrator);
        Serve(ServersAccount, SharedGroup);
        var before = FileStatus.Of(path);
        using var child = Child.StartAs(["--as", $"{Administrator}:{SharedGroup}", "change", path, "note"]);

        var failure = child.Expect();

        Assert.StartsWith("failed UserFileAccessDenied: ", failure, StringComparison.Ordinal);
        Assert.Contains($"chown {ServersAccount} '{path}'", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(".lock", child.ReadToEnd()[^1], StringComparison.Ordinal);
        Assert.Equal(before, FileStatus.Of(path));
    }

    [RootFact]
    public void A_program_that_only_has_the_name_of_the_server_does_not_get_the_file()
    {
        var path = Write(0, SharedGroup, 0x1A0);
        Serve(ServersAccount, SharedGroup, isProgramTheirs: true);

        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFile(path).Update([Changes.Note()]));

        Assert.Contains("its program does not belong to root", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0U, (UnixFileMode)0x1A0), (FileStatus.Of(path)!.User, FileStatus.Of(path)!.Mode));
        Assert.Equal(Sample.Text(3), File.ReadAllText(path));
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_that_keeps_its_access_does_not_prevent_an_edit(bool isOwner)
    {
        var path = Write(isOwner ? ServersAccount : 0, SharedGroup, 0x1A0);
        Serve(ServersAccount, ServersAccount);
        var owner = FileStatus.Of(path)!.Owner;

        var update = new UserFile(path) { NoWait = true }.Update([Changes.Note()]);

        Assert.Equal((owner, FileStatus.OwnerOnly), (FileStatus.Of(path)!.Owner, FileStatus.Of(path)!.Mode));
        var change = Assert.Single(update.AccessChanges);
        Assert.Equal((AccessChangeKind.Tightened, $"group {SharedGroup}"), (change.Kind, change.Subject));
    }

    [RootFact]
    public void Without_a_server_the_accounts_that_lose_access_are_named()
    {
        var path = Write(0, SharedGroup, 0x1A0);
        Run("setfacl", "-m", "u:54321:r,g:65432:r", path);

        var change = Assert.Single(new UserFile(path).Update([Changes.Note()]).AccessChanges);

        Assert.Equal("user 54321, group 34567, group 65432", change.Subject);
        Assert.Equal(FileStatus.OwnerOnly, FileStatus.Of(path)!.Mode);
    }

    [Fact]
    public void An_edit_that_changes_nobodys_access_reports_nothing() =>
        Assert.Empty(new UserFile(_folder.WriteUsers()).Update([Changes.Note()]).AccessChanges);

    [RootFact]
    public void An_access_list_that_is_masked_out_and_attributes_stay()
    {
        var path = Write(Administrator, SharedGroup, 0x180);
        Run("setfacl", "-m", "u:54321:r,m::---", path);
        Run("setfattr", "-n", "user.note", "-v", "kept", path);
        Run("setfattr", "-n", "trusted.note", "-v", "kept too", path);
        var before = Attributes(path);
        Assert.Contains("system.posix_acl_access", before, StringComparison.Ordinal);

        Assert.Empty(new UserFile(path).Update([Changes.Note()]).AccessChanges);

        Assert.Equal(before, Attributes(path));
        Assert.Equal(FileStatus.OwnerOnly, FileStatus.Of(path)!.Mode);
    }

    [RootFact]
    public void A_file_does_not_inherit_access_for_others_from_its_folder()
    {
        var path = Write(0, 0, 0x180);
        Run("setfacl", "-d", "-m", "u:54321:rw,o::r", _folder.Path);

        new UserFile(path).Update([Changes.Note()]);

        Assert.DoesNotContain("posix_acl", Attributes(path), StringComparison.Ordinal);
        Assert.Equal(FileStatus.OwnerOnly, FileStatus.Of(path)!.Mode);
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_root_creates_belongs_to_whoever_will_read_it(bool isServerRunning)
    {
        Machine.SetMode(_folder.Path, 0x1ED);
        Machine.GiveAway(_folder.Path, Administrator, Administrator);
        if (isServerRunning)
            Serve(ServersAccount, ServersAccount);

        new UserFile(_folder.File) { NoWait = true }.Update([Changes.Add()]);

        var expected = isServerRunning ? ServersAccount : Administrator;
        foreach (var file in new[] { _folder.File, _folder.File + ".lock" })
            Assert.Equal((expected, FileStatus.OwnerOnly), (FileStatus.Of(file)!.User, FileStatus.Of(file)!.Mode));
    }

    private string Write(uint user, uint group, int mode)
    {
        var path = _folder.WriteUsers();
        Machine.SetMode(_folder.Path, 0x1ED);
        Machine.GiveAway(path, user, group);
        Machine.SetMode(path, mode);
        return path;
    }

    /// <summary>Starts a process with the server's name and waits until it has it.</summary>
    private void Serve(uint user, uint group, bool isProgramTheirs = false)
    {
        var program = Path.Combine(_folder.Folder("bin"), "pgedge-postgres-mcp");
        File.Copy("/bin/sleep", program);
        Machine.SetMode(program, 0x1ED);
        if (isProgramTheirs)
            Machine.GiveAway(program, user, group);
        Machine.SetMode(_folder["bin"], 0x1ED);
        // Its user file is set, so that it is not taken for the server of another test.
        var setting = $"{UserFileLocator.Variable}={_folder.File}";
        var server = Process.Start(
            "setpriv", [$"--reuid={user}", $"--regid={group}", "--clear-groups", "env", setting, program, "1000"]);
        _servers.Add(server);
        while (!File.ReadAllText($"/proc/{server.Id}/comm").StartsWith("pgedge-postgres", StringComparison.Ordinal))
            Assert.False(server.HasExited);
    }

    private static bool CanRead(string path, uint user, uint group) => Run(
        "setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "cat", path)
            .Contains("users:", StringComparison.Ordinal);

    private static string Attributes(string path) => Run("getfattr", "-d", "-m", "-", "--absolute-names", path);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
