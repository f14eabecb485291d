using PgEdgeUsers.Core.Files;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Files;

/// <summary>What happens after an edit is on disk is no failure of the edit.</summary>
public sealed class SettlingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_taken_away_is_not_made_again() => Assert.Equal([], NamesAfter(File.Delete));

    [Fact]
    public void A_text_that_cannot_be_read_is_left_alone() => Assert.Equal(["users.yaml"], NamesAfter(path => File.WriteAllText(path, "users: [")));

    [Fact]
    public void Cancelling_the_looks_is_only_reported()
    {
        using var stop = new CancellationTokenSource();

        NamesAfter(_ => stop.Cancel(), stop.Token);

        Assert.Equal(Sample.Text(3) + Sample.Entry("zoe", "\"\"").Replace(".123456789", "", StringComparison.Ordinal), File.ReadAllText(_folder.File));
    }

    /// <summary>Adds a user in a folder that is watched, lets something happen after the rename, and sees that it is reported and no more.</summary>
    private IEnumerable<string> NamesAfter(Action<string> happens, CancellationToken cancellation = default)
    {
        var path = _folder.WriteUsers();
        using var watcher = Child.Start("watch", _folder.Path);
        watcher.Expect();
        var isFirst = true;
        var file = new UserFile(path)
        {
            Writer = new HookedWriter((step, _) =>
            {
                if (step != SaveStep.SyncFolder || !isFirst)
                    return;
                isFirst = false;
                happens(path);
            }),
        };

        var update = file.Update([Changes.Add()], cancellation: cancellation);

        Assert.False(update.IsSettled);
        Assert.NotNull(Assert.Single(update.Results).Account);
        return _folder.Names;
    }
}
