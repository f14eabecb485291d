using System.Diagnostics;
using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Files;

public sealed class FolderWatchersTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_process_that_watches_the_folder_is_seen_while_it_does()
    {
        using var elsewhere = Child.Start("watch", _folder.Folder("elsewhere"));
        elsewhere.Expect();
        Assert.False(FolderWatchers.MayExist(_folder.Path));

        using var watcher = Child.Start("watch", _folder.Path);
        watcher.Expect();
        Assert.Equal(OperatingSystem.IsLinux(), FolderWatchers.MayExist(_folder.Path));

        watcher.Kill();
        Assert.False(FolderWatchers.MayExist(_folder.Path));
    }

    [Fact]
    public void Our_own_watches_do_not_count()
    {
        using var own = new FileSystemWatcher(_folder.Path) { EnableRaisingEvents = true };

        Assert.False(FolderWatchers.MayExist(_folder.Path));
    }

    [Fact]
    public void A_server_whose_watches_may_not_be_seen_counts_wherever_it_watches()
    {
        if (!Machine.IsLinuxRoot)
        {
            // Its own processes a user may look into, whatever their name.
            Assert.False(MayExistBesideServer(who: null));
            return;
        }

        Assert.True(MayExistBesideServer("65534:65534"));
    }

    [Fact]
    public void What_cannot_be_told_counts() =>
        Assert.Equal(OperatingSystem.IsLinux(), FolderWatchers.MayExist(_folder["none"])); // Elsewhere only servers are looked for.

    private bool MayExistBesideServer(string? who)
    {
        File.Copy("/bin/sleep", _folder["pgedge-postgres-mcp"]);
        using var server = Process.Start(_folder["pgedge-postgres-mcp"], "1000");
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
