using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;
using PgEdgeUsers.Stress.Runs;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 2: old or new, never between.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Kills_at_random_moments_leave_a_whole_state_and_every_acknowledged_edit()
    {
        var report = KillRun.Run(_folder.Path, kills: 40);

        Assert.True(report.IsGood, report.Figures);
    }

    [Theory]
    [InlineData(SaveStep.Create, false)]
    [InlineData(SaveStep.Write, false)]
    [InlineData(SaveStep.KeepAccess, false)]
    [InlineData(SaveStep.Sync, false)]
    [InlineData(SaveStep.Rename, false)]
    [InlineData(SaveStep.SyncFolder, true)]
    public void A_process_killed_before_a_step_leaves_the_old_state_or_the_new(SaveStep step, bool isNew)
    {
        var path = _folder.WriteUsers();

        using (var child = Child.Start("die", path, step.ToString()))
            Assert.Empty(child.ReadToEnd());

        Assert.Equal(Sample.Text(3, isNew ? "a note" : "\"\""), File.ReadAllText(path));
        Assert.Equal(step is SaveStep.Create or SaveStep.SyncFolder ? 2 : 3, _folder.Names.Count());
        var record = Assert.Single(UserHistory.Read(new UserFile(path)).Records);
        Assert.Equal(("", "a note"), (record.Before!.Annotation, record.After!.Annotation));
        new UserFile(path) { LockTimeout = TimeSpan.Zero }.Update([Changes.Note("another")]);
        Assert.Equal(Sample.Text(3, "another"), File.ReadAllText(path));
        Assert.Equal(["users.yaml", "users.yaml.history.jsonl"], _folder.Names);
    }

    [Fact]
    public void Temporary_files_of_other_files_stay()
    {
        var path = _folder.WriteUsers();
        string[] others = [".users.yaml.bak.0123456789ab.tmp", ".users.yaml.0123456789ab.tmp2",
            ".users.yaml.012345678.tmp", "users.yaml.0123456789ab.tmp"];
        foreach (var other in others)
            File.WriteAllText(_folder[other], "");
        File.WriteAllText(_folder[".users.yaml.0123456789ab.tmp"], "");

        new UserFile(path).Update([Changes.Note()]);

        Assert.Equal(others.Append("users.yaml").Order(StringComparer.Ordinal), _folder.Names);
    }
}
