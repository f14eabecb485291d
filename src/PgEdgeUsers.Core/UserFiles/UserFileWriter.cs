using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Replaces the content of a user file under its lock, by what an edit makes of what is there at the last moment.
/// </summary>
/// <param name="path">The user file, as it was named.</param>
/// <param name="target">The file itself.</param>
/// <param name="steps">What writes the file.</param>
internal sealed class UserFileWriter(string path, string target, AtomicFile steps)
{
    /// <summary>
    /// How often another writer may come first before an edit is given up, and how often one may undo it.
    /// </summary>
    public const int MaxRounds = 50;

    /// <summary>The file itself.</summary>
    public string Target => target;

    /// <summary>Whom the file was given to; null where its owner is the same.</summary>
    public FileOwner? NewOwner { get; private set; }

    /// <summary>Whom the file belonged to before it was given away.</summary>
    public FileOwner? FormerOwner { get; private set; }

    /// <summary>How the access to the file was changed so far.</summary>
    public IReadOnlyList<AccessChange> AccessChanges { get; private set; } = [];

    /// <summary>
    /// Replaces the file by what <paramref name="edit"/> makes of it, as often as it takes for no one to come between.
    /// </summary>
    /// <param name="basis">A snapshot to start from when the file still is what it was; saves parsing it again.</param>
    /// <param name="edit">Gives the new document.</param>
    /// <param name="writesAlways">Whether the file is replaced even by the same content.</param>
    /// <param name="cancellation">Ends the attempts.</param>
    /// <returns>What was there and what is there now; null when the edit changed nothing.</returns>
    public (UserFileSnapshot Before, UserFileSnapshot After)? Replace(
        UserFileSnapshot? basis,
        Func<UserFileSnapshot, UserDocument> edit,
        bool writesAlways,
        CancellationToken cancellation)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var current = StableReader.ReadAny(target, basis);
            var edited = edit(current);
            var content = DocumentText.Encode(edited.Text);
            if (content.AsSpan().SequenceEqual(current.Bytes) && !(writesAlways && current.Exists))
                return null;
            RequireReadable(content);
            // The status of what is there now is not asked for: what has been written must not fail any more.
            if (TryReplace(content, current))
                return (current, new UserFileSnapshot(status: null, content, edited));
            basis = current;
        }

        throw new PgEdgeUsersException(
            FailureKind.UserFileLocked,
            $"The user file '{path}' is being rewritten all the time by another process. Nothing was changed. "
                + "Try again later.");
    }

    /// <summary>Replaces the file's content if it still is what the snapshot says.</summary>
    public bool TryReplace(byte[] content, UserFileSnapshot current)
    {
        var plan = FileAccessPlan.For(path, target, current.Status);
        var replacement = current.IsMountPoint
            ? steps.Overwrite(target, content, current.Bytes, plan.Owner, () => StableReader.Has(target, current))
            : steps.Replace(target, content, current.Status, plan.Owner, () => StableReader.Has(target, current));
        var lost = replacement.Lost.Select(what => AccessChange.Lost(path, what));
        if (!replacement.IsDone)
            return false;
        AccessChanges = [.. AccessChanges, .. plan.Changes, .. lost];
        if (current.Status is { } before && plan.Owner is { } owner && owner.User != before.User)
            (FormerOwner, NewOwner) = (before.Owner, owner);
        return true;
    }

    /// <summary>Whether this process restricts the access to a file of its own without replacing it.</summary>
    public static bool TightensInPlace => !OperatingSystem.IsWindows() && !FileSystem.Current.IsPrivileged;

    /// <summary>Makes the file's mode 0600, if the file still is what the snapshot says.</summary>
    /// <remarks>
    /// Its owner can do so in place, also in a folder of someone else. Root replaces the file: its name may be a second
    /// one of another file.
    /// </remarks>
    public bool TryTighten(UserFileSnapshot current)
    {
        if (!TightensInPlace)
            return TryReplace(current.Bytes, current);
        var plan = FileAccessPlan.For(path, target, current.Status);
        using var file = FileContent.Open(target);
        if (file is null || FileStatus.Of(file, target) != current.Status)
            return false;
        FileSystem.Current.RestrictToOwner(file);
        AccessChanges = [.. AccessChanges, .. plan.Changes];
        return true;
    }

    private void RequireReadable(byte[] content)
    {
        if (content.Length <= UserFile.MaxBytes)
            return;
        throw new PgEdgeUsersException(
            FailureKind.UserFileInvalid,
            $"The user file '{path}' would have more than {UserFile.MaxBytes} bytes, and could not be read again. "
                + "Nothing was changed.");
    }
}
