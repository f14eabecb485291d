using System.Diagnostics;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

public sealed class RunningServerTests : IDisposable
{
    private const string Nobody = "65534:65534";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_process_that_watches_the_folder_is_detected_while_it_watches()
    {
        using var elsewhere = Child.Start("watch", _folder.Folder("elsewhere"));
        elsewhere.Expect();
        Assert.False(RunningServer.MayWatch(_folder.Path));

        using var watcher = Child.Start("watch", _folder.Path);
        watcher.Expect();
        Assert.Equal(OperatingSystem.IsLinux(), RunningServer.MayWatch(_folder.Path));

        watcher.Kill();
        Assert.False(RunningServer.MayWatch(_folder.Path));
    }

    [Fact]
    public void Our_own_watches_do_not_count()
    {
        using var own = new FileSystemWatcher(_folder.Path) { EnableRaisingEvents = true };

        Assert.False(RunningServer.MayWatch(_folder.Path));
    }

    [Theory]
    [InlineData("pgedge-postgres-mcp", true)]
    [InlineData("pgedge-pg-mcp-svr", true)]
    [InlineData("pgedge-another", false)]
    public void A_server_whose_watches_may_not_be_seen_counts_wherever_it_watches(string program, bool counts)
    {
        if (!Machine.IsLinuxRoot)
        {
            // A user may inspect the user's own processes, whatever their names are.
            Assert.False(MayExistBeside(program, who: null));
            return;
        }

        Assert.Equal(counts, MayExistBeside(program, Nobody));
    }

    [Fact]
    public void If_processes_are_hidden_a_server_may_be_watching()
    {
        if (!Machine.IsLinuxRoot || Machine.AfterMounts("mount -t proc -o hidepid=2 none /proc") is not { } under)
        {
            A_folder_that_cannot_be_inspected_counts_as_watched();
            return;
        }

        using var seeing = Child.StartAs(["--as", Nobody, "watched", _folder.Path]);
        Assert.False(bool.Parse(seeing.Expect()));
        using var blind = Child.StartAs(["--as", Nobody, "watched", _folder.Path], under);
        Assert.True(bool.Parse(blind.Expect()));
    }

    [Fact]
    public void A_folder_that_cannot_be_inspected_counts_as_watched() =>
        // On other systems, only servers are searched for.
        Assert.Equal(OperatingSystem.IsLinux(), RunningServer.MayWatch(_folder["none"]));

    private bool MayExistBeside(string program, string? who)
    {
        File.Copy("/bin/sleep", _folder[program]);
        using var server = Process.Start(_folder[program], "1000");
        try
        {
            string[] role = ["watched", _folder.Path];
            using var child = Child.StartAs(who is null ? role : ["--as", who, .. role]);
            return bool.Parse(child.Expect());
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    }
}
