using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>What is shown while passwords are hashed, and what an end in the middle leaves.</summary>
public sealed class ProgressTests : ShellTest
{
    public ProgressTests() => Define("password", Secret.Of("seven quiet lanterns"));

    [Fact]
    public void Hashing_shows_how_many_are_done_and_how_long_the_others_will_take()
    {
        var progress = Run("1..6 | ForEach-Object { \"user$_\" } | New-PgEdgeUser -Password $password -Path $file").Ok().Progress;

        Assert.Equal(
            ["1 of 6, 16%", "2 of 6, 33%", "3 of 6, 50%", "4 of 6, 66%", "5 of 6, 83%", "6 of 6, 100%"],
            progress.Select(record => $"{record.StatusDescription}, {record.PercentComplete}%"));
        Assert.All(progress, record => Assert.InRange(record.SecondsRemaining, 0, 600));
        Assert.Equal(0, progress[^1].SecondsRemaining);
        Assert.Equal([.. Enumerable.Repeat(ProgressRecordType.Processing, 5), ProgressRecordType.Completed], progress.Select(record => record.RecordType));
        Assert.Single(progress.Select(record => (record.ActivityId, record.Activity)).Distinct());
    }

    [Fact]
    public void A_few_passwords_are_done_before_progress_could_be_read() =>
        Assert.Empty(Run("1..4 | ForEach-Object { \"user$_\" } | New-PgEdgeUser -Password $password -Path $file").Ok().Progress);

    [Fact]
    public void A_wait_for_another_change_is_shown_with_who_makes_it()
    {
        // .NET's own lock of a file is the one that the module takes.
        var holder = new FileStream(Store.Path + ".lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var result = Run("Disable-PgEdgeUser bob -Path $file -Verbose -WarningAction Ignore", holder.Dispose).Ok();

        Assert.Equal([ProgressRecordType.Processing, ProgressRecordType.Completed], result.Progress.Select(record => record.RecordType));
        Assert.Contains($"'{Store.Path}' is being changed by ", result.Progress[0].StatusDescription, StringComparison.Ordinal);
        Assert.Contains(result.Verbose, line => line.Contains("Waiting for it to finish", StringComparison.Ordinal));
        Assert.Equal("false", Store.Field("bob", "enabled"));
    }

    [Fact]
    public void Ctrl_C_in_the_middle_changes_nothing_and_leaves_nothing_behind()
    {
        var result = Run("1..50 | ForEach-Object { \"user$_\" } | New-PgEdgeUser -Password $password -Path $file", Stop);

        Assert.True(result.Stopped);
        Assert.Empty(result.Output);
        Assert.True(Store.IsUntouched);
        Assert.Equal([Store.Path], Directory.GetFiles(Store.Folder));
    }
}
