using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>A user file that the account of a running server cannot read is a finding.</summary>
public sealed class ServerAccessTests : IDisposable
{
    private const uint Account = 23456;
    private const uint SharedGroup = 34567;

    private readonly TestFolder _folder = new();

    public ServerAccessTests() => Machine.SetMode(_folder.Path, 0x1ED);

    public void Dispose() => _folder.Dispose();

    [RootTheory]
    [InlineData(0, 0, 0x180, false)]
    [InlineData(0, 0, 0x1A0, false)]
    [InlineData(0, SharedGroup, 0x180, false)]
    [InlineData(0, SharedGroup, 0x1A0, true)]
    [InlineData(0, SharedGroup, 0x184, false)]
    [InlineData(0, 0, 0x1A4, true)]
    [InlineData(Account, 0, 0x180, true)]
    [InlineData(Account, SharedGroup, 0x1A4 & ~0x100, false)]
    public void The_mode_decides_who_can_read(uint user, uint group, int mode, bool canRead)
    {
        var path = Write(user, group, mode);

        Assert.Equal(canRead, Findings(path).Count == 0);
    }

    [RootFact]
    public void A_finding_names_the_server_and_what_to_do()
    {
        var path = Write(0, 0, 0x180);

        var finding = Assert.Single(Findings(path));

        Assert.Equal((FindingKind.ServerCannotRead, FindingSeverity.Error), (finding.Kind, finding.Severity));
        Assert.Equal(
            $"The server (process {Environment.ProcessId}) runs as 23456 and cannot read the file: "
                + "the file belongs to root and its mode is 0600.",
            finding.Message);
        Assert.Equal($"Give the file to that account: chown 23456 '{path}'.", finding.Remedy);
    }

    [RootFact]
    public void A_folder_on_the_way_can_be_closed_to_the_server()
    {
        var inner = _folder.Folder("closed");
        var path = _folder.Write("users: {}\n", Path.Combine("closed", "users.yaml"));
        Machine.GiveAway(path, Account, Account);
        Machine.SetMode(inner, 0x1C0);

        Assert.Contains(
            $"may not search the folder '{inner}'", Assert.Single(Findings(path)).Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void The_superuser_can_read_everything() => Assert.Empty(Findings(Write(0, 0, 0), account: 0));

    [RootFact]
    public void Only_the_file_that_the_server_uses_matters()
    {
        var path = Write(0, 0, 0x180);
        var other = _folder.Write("users: {}\n", "other.yaml");
        File.CreateSymbolicLink(_folder["link.yaml"], "users.yaml");

        Assert.Empty(Findings(path, serverFile: other));
        Assert.Single(Findings(path, serverFile: path));
        Assert.Single(Findings(path, serverFile: _folder["link.yaml"]));
        Assert.Single(Findings(path, serverFile: _folder["missing.yaml"]));
    }

    [Fact]
    public void An_inspection_reports_a_file_that_the_server_cannot_read()
    {
        if (!Machine.IsLinuxRoot)
            return;
        var path = Write(0, 0, 0x180);

        var kinds = UserFileInspector.Inspect(new UserFileLocation(path, "test"), [Server(Account)], serverFile: null)
            .Select(f => f.Kind);

        Assert.Equal([FindingKind.ServerCannotRead], kinds);
    }

    [Theory]
    [InlineData("server -user-file /a", null, "/a")]
    [InlineData("server --user-file /a -http", null, "/a")]
    [InlineData("server -http -user-file=/a", null, "/a")]
    [InlineData("server --user-file=", "/b", "")]
    [InlineData("server -http", "/b", "/b")]
    [InlineData("server -user-file /a", "/b", "/a")]
    [InlineData("server -user-file", null, null)]
    [InlineData("-user-file /a", null, null)]
    [InlineData("server", null, null)]
    public void A_server_is_told_its_file_by_a_flag_or_its_environment(
        string command, string? setting, string? expected)
    {
        string[] variables = setting is null ? ["HOME=/"] : ["HOME=/", $"{UserFileLocator.Variable}={setting}"];

        Assert.Equal(expected, ServerUserFile.Find(command.Split(' '), variables));
    }

    [Fact]
    public void A_server_is_told_its_file_by_the_configuration_that_a_flag_names()
    {
        var configuration = _folder.Write("http: {auth: {user_file: /a}}\n", "server.yaml");

        Assert.Equal("/a", ServerUserFile.Find(["server", "-config", configuration], []));
        Assert.Null(ServerUserFile.Find(["server", "-config", _folder["missing.yaml"]], []));
    }

    private string Write(uint user, uint group, int mode)
    {
        // A file without other findings.
        var path = _folder.Write(UserTexts.Good);
        Machine.GiveAway(path, user, group);
        Machine.SetMode(path, mode);
        return path;
    }

    private static List<Finding> Findings(string path, uint account = Account, string? serverFile = null) =>
        [.. ServerAccess.Of([Server(account)], path, FileStatus.Of(path)!, serverFile)];

    /// <summary>A server that has the id of this process, for which no file is set.</summary>
    private static RunningServer Server(uint account) =>
        new(Environment.ProcessId, new FileOwner(account, account), [account, SharedGroup], IsVerified: true);
}
