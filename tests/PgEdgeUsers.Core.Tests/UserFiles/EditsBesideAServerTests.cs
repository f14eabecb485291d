using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using PgEdgeUsers.Stress.Runs;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 4: a running server.</summary>
public sealed class EditsBesideAServerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Edits_survive_a_server_that_overwrites_them_with_its_old_state()
    {
        var report = ServerRun.Run(_folder.Path, edits: 4, clients: 3, undo: 6);

        Assert.True(report.IsGood, report.Figures);
        Assert.Contains("6 changes undone", report.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void Edits_that_the_server_overwrites_are_lost_without_verification()
    {
        var report = ServerRun.Run(_folder.Path, edits: 1, clients: 1, undo: 1, noWait: true);

        Assert.Contains("1 lost, 0 not verified", report.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sign_in_that_the_server_recorded_meanwhile_stays()
    {
        var path = _folder.WriteUsers();
        using var server = Child.Start("serve", path, "1", "100000", "1");
        server.Expect();

        Assert.True(new UserFile(path).Update([Changes.Note()]).IsVerified);

        var account = new UserFile(path).Read().Find(Sample.Name(1))!;
        Assert.Equal("a note", account.Annotation);
        Assert.NotNull(account.LastLogin);
    }
}
