using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Reads a user file so that a state in the middle of the server's rewriting, which truncates the file and writes it in place,
/// is never taken for a store. A file that anyone has open for writing is not believed. One that nobody wrote lately is read once,
/// another until two reads agree; and what could be the beginning of a longer file, such as nothing, is believed only when it
/// has stayed so for longer than any rewrite takes.
/// </summary>
internal static class StableReader
{
    /// <summary>Longer than any rewrite takes from its truncation to its last byte.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>How long a text that looks whole must stay the same where the system does not say who has it open.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the file; one that is not there reads as one without users.</summary>
    /// <param name="path">The file itself.</param>
    /// <param name="known">An earlier state that was whole: the same bytes are whole again, and have its document.</param>
    /// <exception cref="DocumentException">The text is refused.</exception>
    /// <exception cref="PgEdgeUsersException">The file is too large, no regular file, or never at rest.</exception>
    public static UserFileSnapshot Read(string path, UserFileSnapshot? known = null) => Look(path, known).OrThrow();

    /// <summary>Reads the file as <see cref="Read"/> does, and gives a snapshot also of a text that is refused.</summary>
    public static UserFileSnapshot Look(string path, UserFileSnapshot? known = null)
    {
        var total = Stopwatch.StartNew();
        var unchanged = Stopwatch.StartNew();
        byte[]? last = null;
        var reading = known;
        while (total.Elapsed < 5 * Settled)
        {
            using var handle = Open(path);
            if (handle is null)
                return new UserFileSnapshot(null, [], UserDocument.Empty);
            if (ReadOnce(handle, path) is var (facts, bytes, hasWriter))
            {
                var agrees = AreSame(last, bytes);
                if (!agrees)
                    unchanged.Restart();
                last = bytes;
                if (agrees || IsAtRest(facts) || AreSame(known?.Bytes, bytes))
                {
                    reading = AreSame(reading?.Bytes, bytes) ? reading!.At(facts) : Parse(facts, bytes);
                    if (IsWhole(reading, hasWriter, AreSame(known?.Bytes, bytes), unchanged.Elapsed))
                        return reading;
                }
                else if (hasWriter == false)
                {
                    // Whole as far as the system knows. It is only read for the second time.
                    continue;
                }
            }

            Thread.Sleep(Pause);
        }

        throw new PgEdgeUsersException(
            FailureKind.UserFileLocked, $"The user file '{path}' is open for writing in another process and was never at rest. Nothing was changed. Try again later.");
    }

    /// <summary>Whether a state that was read twice, or of a file at rest, is no piece of a longer one that is being written.</summary>
    private static bool IsWhole(UserFileSnapshot reading, bool? hasWriter, bool isKnown, TimeSpan unchanged)
    {
        if (isKnown && reading.IsComplete)
            return true;
        if (hasWriter == true)
            return false;
        if (IsAtRest(reading.Facts!) || unchanged >= Settled)
            return true;
        return hasWriter == false ? reading.IsComplete || reading.Refusal is not null : reading.IsComplete && unchanged >= Quiet;
    }

    /// <summary>Whether the file still has exactly these bytes.</summary>
    public static bool Has(string path, UserFileSnapshot snapshot)
    {
        using var handle = Open(path);
        if (handle is null || snapshot.Facts is null)
            return handle is null && snapshot.Facts is null;
        if (FileStatus.Of(handle, path) is not { Kind: FileKind.Regular } facts || facts.Size != snapshot.Bytes.Length)
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

    private static UserFileSnapshot Parse(FileStatus facts, byte[] bytes)
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

    /// <summary>Reads once; null when the file was written to meanwhile, which its size or time tells.</summary>
    private static (FileStatus Facts, byte[] Bytes, bool? HasWriter)? ReadOnce(SafeFileHandle handle, string path)
    {
        var facts = FileStatus.Of(handle, path);
        Require(facts, path);
        var bytes = ReadAll(handle, facts.Size);
        var hasWriter = Posix.HasWriter(handle);
        return FileStatus.Of(handle, path) == facts && bytes.Length == facts.Size ? (facts, bytes, hasWriter) : null;
    }

    private static bool AreSame(byte[]? some, byte[] others) => some is not null && some.AsSpan().SequenceEqual(others);

    /// <summary>Whether nobody wrote for longer than a rewrite takes. A time to come (another clock) says nothing.</summary>
    private static bool IsAtRest(FileStatus facts) => DateTime.UtcNow - facts.ModifiedUtc > Settled;

    /// <summary>Opens for reading, without waiting for anything and without a lock; null where there is no file.</summary>
    public static SafeFileHandle? Open(string path)
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

    private static void Require(FileStatus facts, string path)
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
