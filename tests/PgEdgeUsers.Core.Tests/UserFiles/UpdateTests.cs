using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

public sealed class UpdateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_change_without_effect_is_not_written()
    {
        var path = _folder.WriteUsers();
        var before = FileStatus.Of(path);

        var update = new UserFile(path)
            .Update([Changes.Note(""), new UpdateUser(Sample.Name(2), a => a with { Enabled = true })]);

        Assert.All(update.Results, r => Assert.Null(r.Failure));
        Assert.Equal(before, FileStatus.Of(path));
    }

    [Fact]
    public void A_change_that_cannot_be_made_does_not_stop_the_others_in_the_file()
    {
        var path = _folder.WriteUsers();

        var update = new UserFile(path).Update([Changes.Note(), Changes.Remove(9), Changes.Disable()]);

        Assert.Equal([null, FailureKind.UserNotFound, null], update.Results.Select(r => r.Failure?.Kind));
        Assert.Equal("a note", update.Results[0].Account!.Annotation);
        Assert.False(new UserFile(path).Read().Find(Sample.Name(2))!.Enabled);
    }

    [Fact]
    public void All_or_nothing_writes_nothing_and_reports_only_the_failures()
    {
        var path = _folder.WriteUsers();
        var before = FileStatus.Of(path);

        var update = new UserFile(path)
            .Update([Changes.Note(), Changes.Remove(9), Changes.Disable()], allOrNothing: true);

        Assert.Equal(Sample.Name(9), Assert.Single(update.Results).Change.Username);
        Assert.Equal(before, FileStatus.Of(path));
    }

    [Fact]
    public void Many_changes_are_one_replacement()
    {
        var path = _folder.WriteUsers();
        var renames = 0;
        var file = new UserFile(
            path) { Writer = new HookedWriter((step, _) => renames += step == SaveStep.Rename ? 1 : 0) };

        file.Update([.. Changes.OfEachKind]);

        Assert.Equal(1, renames);
        Assert.Equal([Sample.Name(1), Sample.Name(2), "zoe"], file.Read().Users.Select(u => u.Name));
    }

    [Fact]
    public void An_edit_removes_what_a_killed_edit_left_and_no_other_file()
    {
        var path = _folder.WriteUsers();
        string[] others =
            [".users.yaml.0123456789.tmp", ".other.yaml.0123456789ab.tmp", ".users.yaml.0123456789ab.tmp2"];
        foreach (var name in others.Append(".users.yaml.0123456789ab.tmp"))
            _folder.Write("", name);

        new UserFile(path).Update([Changes.Note()]);

        Assert.Equal(others.Append("users.yaml").Order(StringComparer.Ordinal), _folder.Names);
    }

    [Fact]
    public void An_edit_that_is_cancelled_before_it_begins_changes_nothing()
    {
        var path = _folder.WriteUsers();
        var before = FileStatus.Of(path);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new UserFile(path).Update([Changes.Note()], cancellation: new CancellationToken(canceled: true)));

        Assert.Equal(before, FileStatus.Of(path));
    }

    [Fact]
    public void A_snapshot_of_the_same_bytes_is_not_parsed_again()
    {
        var path = _folder.WriteUsers();
        var basis = new UserFile(path).Read();

        Assert.Same(basis.Document, StableReader.Read(path, basis).Document);
        new UserFile(path).Update([Changes.Note()], basis);
        Assert.NotSame(basis.Document, StableReader.Read(path, basis).Document);
    }

    [Fact]
    public void A_snapshot_that_is_out_of_date_does_no_harm()
    {
        var path = _folder.WriteUsers();
        var basis = new UserFile(path).Read();
        new UserFile(path).Update([Changes.Add()]);

        new UserFile(path).Update([Changes.Note()], basis);

        Assert.Equal(4, new UserFile(path).Read().Users.Count);
    }

    [Theory]
    [InlineData(SaveStep.Create)]
    [InlineData(SaveStep.Sync)]
    public void A_change_by_another_program_right_before_the_rename_is_kept_with_ours(SaveStep moment)
    {
        var path = _folder.WriteUsers();
        var isFirst = true;
        var file = new UserFile(path)
        {
            Writer = new HookedWriter((step, _) =>
            {
                if (step != moment || !isFirst)
                    return;
                isFirst = false;
                File.WriteAllText(path, Sample.Text(3) + Sample.Entry("theirs", "\"\""));
            }),
        };

        file.Update([Changes.Note()]);

        Assert.Equal(Sample.Text(3, "a note") + Sample.Entry("theirs", "\"\""), File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void A_file_that_another_program_creates_right_before_the_rename_is_not_overwritten()
    {
        var path = _folder.File;
        var file = new UserFile(path)
        {
            Writer = new HookedWriter((step, _) =>
            {
                if (step == SaveStep.Sync && !File.Exists(path))
                    File.WriteAllText(path, Sample.Text(3));
            }),
        };

        file.Update([Changes.Add()]);

        Assert.Equal(4, file.Read().Users.Count);
    }

    [Fact]
    public void An_edit_gives_up_if_the_file_changes_before_every_attempt()
    {
        var path = _folder.WriteUsers();
        var others = 0;
        var file = new UserFile(path)
        {
            Writer = new HookedWriter((step, _) =>
            {
                if (step == SaveStep.Sync)
                    File.WriteAllText(path, Sample.Text(3, $"theirs {++others}"));
            }),
        };

        var failure = Assert.Throws<PgEdgeUsersException>(() => file.Update([Changes.Note()]));

        Assert.Equal(FailureKind.UserFileLocked, failure.Kind);
        Assert.Equal(Sample.Text(3, $"theirs {others}"), File.ReadAllText(path));
        Assert.Equal(["users.yaml"], _folder.Names);
    }
}
