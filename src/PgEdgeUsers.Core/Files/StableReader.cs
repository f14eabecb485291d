using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Core.Files;

/// <summary>
/// Reads a user file so that a state in the middle of the server's rewriting, which truncates the file and writes it in place,
/// is never taken for a store. A file that nobody wrote lately is read once. One that was is read until two reads agree;
/// and what could be the beginning of a longer file is believed only when it has stayed so for longer than any rewrite takes.
/// </summary>
internal static class StableReader
{
    /// <summary>Longer than any rewrite takes from its truncation to its last byte.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Reads the file; one that is not there reads as one without users.</summary>
    /// <param name="path">The file itself.</param>
    /// <param name="previous">An earlier reading: where the bytes are the same, its document is, too.</param>
    /// <exception cref="DocumentException">The text is refused.</exception>
    /// <exception cref="PgEdgeUsersException">The file is too large, no regular file, or never at rest.</exception>
    public static UserFileSnapshot Read(string path, UserFileSnapshot? previous = null) => Look(path, previous).OrThrow();

    /// <summary>Reads the file as <see cref="Read"/> does, and gives a snapshot also of a text that is refused.</summary>
    public static UserFileSnapshot Look(string path, UserFileSnapshot? previous = null)
    {
        var total = Stopwatch.StartNew();
        var unchanged = Stopwatch.StartNew();
        while (true)
        {
            var (facts, bytes) = ReadOnce(path);
            if (facts is null)
                return new UserFileSnapshot(null, [], UserDocument.Empty);
            var agrees = previous is not null && previous.Bytes.AsSpan().SequenceEqual(bytes);
            if (!agrees)
                unchanged.Restart();
            var reading = agrees ? previous!.At(facts) : Parse(facts, bytes);
            if (IsAtRest(facts) || (agrees && (reading.IsComplete || unchanged.Elapsed >= Settled)))
                return reading;
            if (total.Elapsed > 5 * Settled)
            {
                throw new PgEdgeUsersException(
                    FailureKind.UserFileWriteFailed, $"The user file '{path}' is being rewritten all the time and was never at rest. Nothing was changed. Try again later.");
            }

            previous = reading;
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Whether the file still has exactly these bytes.</summary>
    public static bool Has(string path, UserFileSnapshot snapshot)
    {
        using var handle = Open(path);
        if (handle is null || snapshot.Facts is null)
            return handle is null && snapshot.Facts is null;
        if (RandomAccess.GetLength(handle) != snapshot.Bytes.Length)
            return false;
        var chunk = new byte[128 * 1024];
        for (var done = 0; done < snapshot.Bytes.Length;)
        {
            var read = RandomAccess.Read(handle, chunk, done);
            if (read == 0 || read > snapshot.Bytes.Length - done || !snapshot.Bytes.AsSpan(done, read).SequenceEqual(chunk.AsSpan(0, read)))
                return false;
            done += read;
        }

        return true;
    }

    private static UserFileSnapshot Parse(FileFacts facts, byte[] bytes)
    {
        try
        {
            return new UserFileSnapshot(facts, bytes, UserDocument.Parse(DocumentText.Decode(bytes)));
        }
        catch (DocumentException refusal)
        {
            return new UserFileSnapshot(facts, bytes, refusal);
        }
    }

    private static (FileFacts? Facts, byte[] Bytes) ReadOnce(string path)
    {
        while (true)
        {
            using var handle = Open(path);
            if (handle is null)
                return (null, []);
            var before = FileFacts.Of(handle, path);
            Require(before, path);
            var bytes = ReadAll(handle, before.Size);
            // What was written to while it was read says so in its size or time.
            if (FileFacts.Of(handle, path) == before && bytes.Length == before.Size)
                return (before, bytes);
        }
    }

    /// <summary>Whether nobody wrote for longer than a rewrite takes. A time to come (another clock) says nothing.</summary>
    private static bool IsAtRest(FileFacts facts) => DateTime.UtcNow - facts.ModifiedUtc > Settled;

    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : Posix.OpenForReading(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static byte[] ReadAll(SafeFileHandle handle, long size)
    {
        var bytes = new byte[size];
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(done), done) is var read and > 0)
            done += read;
        return done == bytes.Length ? bytes : bytes[..done];
    }

    private static void Require(FileFacts facts, string path)
    {
        if (facts.Kind != FileKind.Regular)
            throw new PgEdgeUsersException(FailureKind.InvalidUserFilePath, $"'{path}' is a {facts.KindText}, not a file. Name the user file itself with -Path.");
        if (facts.Size > UserFile.MaxBytes)
        {
            throw new PgEdgeUsersException(
                FailureKind.UserFileInvalid,
                $"The user file '{path}' has {facts.Size.ToString(CultureInfo.InvariantCulture)} bytes; at most {UserFile.MaxBytes} are read. Is this the right file?");
        }
    }
}
