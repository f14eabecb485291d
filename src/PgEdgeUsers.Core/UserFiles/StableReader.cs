using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Reads a user file so that a state in the middle of the server's rewriting, which truncates the file and writes it in
/// place, is never taken for a store. A file that anyone has open for writing is not believed. One that nobody wrote
/// lately is read once, another until two reads agree; and what could be the beginning of a longer file, such as
/// nothing, is believed only when it has stayed so for longer than any rewrite takes.
/// </summary>
internal static class StableReader
{
    /// <summary>Longer than any rewrite takes from its truncation to its last byte.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a text that looks whole must stay the same where the system does not say who has it open.
    /// </summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the file; one that is not there reads as one without users.</summary>
    /// <param name="path">The file itself.</param>
    /// <param name="known">
    /// An earlier state that was whole: the same bytes are whole again, and have its document.
    /// </param>
    /// <exception cref="DocumentException">The text is refused.</exception>
    /// <exception cref="PgEdgeUsersException">The file is too large, no regular file, or never at rest.</exception>
    public static UserFileSnapshot Read(string path, UserFileSnapshot? known = null) => ReadAny(path, known).OrThrow();

    /// <summary>
    /// Reads the file as <see cref="Read"/> does, and gives a snapshot also of a text that is refused.
    /// </summary>
    public static UserFileSnapshot ReadAny(string path, UserFileSnapshot? known = null)
    {
        var total = Stopwatch.StartNew();
        var unchanged = Stopwatch.StartNew();
        byte[]? last = null;
        var reading = known;
        while (total.Elapsed < 5 * Settled)
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
                    // Whole as far as the system knows. It is only read for the second time.
                    continue;
                }
            }

            Thread.Sleep(Pause);
        }

        throw new PgEdgeUsersException(
            FailureKind.UserFileLocked,
            $"The user file '{path}' is open for writing in another process and was never at rest. "
                + "Nothing was changed. Try again later.");
    }

    /// <summary>
    /// Whether a state that was read twice, or of a file at rest, cannot be part of a longer one that is being written.
    /// </summary>
    private static bool IsWhole(UserFileSnapshot reading, bool? hasWriter, bool isKnown, TimeSpan unchanged)
    {
        if (isKnown && reading.IsComplete)
            return true;
        if (hasWriter == true)
            return false;
        if (IsAtRest(reading.Status!) || unchanged >= Settled)
            return true;
        return hasWriter == false
            ? reading.IsComplete || reading.Refusal is not null
            : reading.IsComplete && unchanged >= Quiet;
    }

    /// <summary>Whether the file still has exactly these bytes.</summary>
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

    /// <summary>Reads once; null when the file was written to meanwhile, which its size or time tells.</summary>
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
    /// Whether nobody wrote for longer than a rewrite takes. A time to come (another clock) says nothing.
    /// </summary>
    private static bool IsAtRest(FileStatus status) => DateTime.UtcNow - status.ModifiedUtc > Settled;

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
