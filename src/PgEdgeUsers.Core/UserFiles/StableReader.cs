using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Reads a complete user file, although the server truncates the file and rewrites it in place. A file that any process
/// has open for writing is not accepted. A file that was not written recently is read once; any other, until two reads
/// agree. Content that could be the beginning of a longer file, such as an empty file, is accepted only after it has
/// been unchanged for longer than any rewrite takes.
/// </summary>
internal static class StableReader
{
    /// <summary>Longer than any rewrite takes from its truncation to its last byte.</summary>
    public static readonly TimeSpan RewriteTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a text that looks complete must stay unchanged if the system cannot tell whether a process has it open.
    /// </summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the file. A missing file has no users.</summary>
    /// <param name="path">The file after following symbolic links.</param>
    /// <param name="known">An earlier complete state. If the bytes are the same, its document is reused.</param>
    /// <exception cref="DocumentException">The text cannot be used.</exception>
    /// <exception cref="PgEdgeUsersException">
    /// The file is too large, not a regular file, or constantly being written.
    /// </exception>
    public static UserFileSnapshot Read(string path, UserFileSnapshot? known = null) => ReadAny(path, known).OrThrow();

    /// <summary>
    /// Reads the file like <see cref="Read"/>, but also returns a snapshot of a text that cannot be used.
    /// </summary>
    public static UserFileSnapshot ReadAny(string path, UserFileSnapshot? known = null)
    {
        var total = Stopwatch.StartNew();
        var unchanged = Stopwatch.StartNew();
        byte[]? last = null;
        var reading = known;
        while (total.Elapsed < 5 * RewriteTime)
        {
            using var handle = FileContent.Open(path);
            if (handle is null)
                return new UserFileSnapshot(null, [], UserDocument.Empty);
            if (ReadOnce(handle, path) is var (status, bytes, hasWriter))
            {
                var agrees = AreSame(last, bytes);
                if (!agrees)
                    unchanged.Restart();
                last = bytes;
                if (agrees || IsAtRest(status) || AreSame(known?.Bytes, bytes))
                {
                    reading = AreSame(reading?.Bytes, bytes) ? reading!.At(status) : Parse(status, bytes);
                    if (IsWhole(reading, hasWriter, AreSame(known?.Bytes, bytes), unchanged.Elapsed))
                        return reading;
                }
                else if (hasWriter == false)
                {
                    // No process is writing, so the second read can follow at once.
                    continue;
                }
            }

            Thread.Sleep(Pause);
        }

        throw new PgEdgeUsersException(
            FailureKind.UserFileLocked,
            $"The user file '{path}' is open for writing in another process and kept changing. "
                + "Nothing was changed. Try again later.");
    }

    /// <summary>
    /// Whether content that was read twice, or from a file at rest, cannot be part of a longer file that is being
    /// written.
    /// </summary>
    private static bool IsWhole(UserFileSnapshot reading, bool? hasWriter, bool isKnown, TimeSpan unchanged)
    {
        if (isKnown && reading.IsComplete)
            return true;
        if (hasWriter == true)
            return false;
        if (IsAtRest(reading.Status!) || unchanged >= RewriteTime)
            return true;
        return hasWriter == false
            ? reading.IsComplete || reading.Refusal is not null
            : reading.IsComplete && unchanged >= Quiet;
    }

    /// <summary>Whether the file still contains exactly these bytes.</summary>
    public static bool Has(string path, UserFileSnapshot snapshot)
    {
        using var handle = FileContent.Open(path);
        if (handle is null || snapshot.Status is null)
            return handle is null && snapshot.Status is null;
        return FileStatus.Of(handle, path).Kind == FileKind.Regular && FileContent.IsEqual(handle, snapshot.Bytes);
    }

    private static UserFileSnapshot Parse(FileStatus status, byte[] bytes)
    {
        try
        {
            return new UserFileSnapshot(status, bytes, UserDocument.Parse(DocumentText.Decode(bytes)));
        }
        catch (DocumentException refusal)
        {
            return new UserFileSnapshot(status, bytes, refusal);
        }
    }

    /// <summary>Reads once; null if the size or time of the file shows that it was written in the meantime.</summary>
    private static (FileStatus Status, byte[] Bytes, bool? HasWriter)? ReadOnce(SafeFileHandle handle, string path)
    {
        var status = FileStatus.Of(handle, path);
        Require(status, path);
        var bytes = FileContent.Read(handle, status.Size);
        var hasWriter = FileSystem.Current.HasWriter(handle, path);
        return FileStatus.Of(handle, path) == status && bytes.Length == status.Size ? (status, bytes, hasWriter) : null;
    }

    private static bool AreSame(byte[]? some, byte[] others) => some is not null && some.AsSpan().SequenceEqual(others);

    /// <summary>
    /// Whether the last write was longer ago than a rewrite takes. A time in the future, from another clock, does not
    /// count.
    /// </summary>
    private static bool IsAtRest(FileStatus status) => DateTime.UtcNow - status.ModifiedUtc > RewriteTime;

    private static void Require(FileStatus status, string path)
    {
        UserFileErrors.RequireRegular(path, status);
        if (status.Size > UserFile.MaxBytes)
        {
            var size = status.Size.ToString(CultureInfo.InvariantCulture);
            throw new PgEdgeUsersException(
                FailureKind.UserFileInvalid,
                $"The user file '{path}' has {size} bytes; at most {UserFile.MaxBytes} are read. "
                    + "Check that this is the right file.");
        }
    }
}
