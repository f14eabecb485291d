using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using PgEdgeUsers.Stress.Runs;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 4: a server at once.</summary>
public sealed class EditsBesideAServerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Edits_stay_that_the_server_writes_its_old_state_over()
    {
        var report = ServerRun.Run(_folder.Path, edits: 4, clients: 3, undo: 6);

        Assert.True(report.IsGood, report.Figures);
        Assert.Contains("6 changes undone", report.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void Such_edits_are_lost_where_no_one_looks_again()
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
