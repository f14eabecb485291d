using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Replaces the content of a user file under its lock, by applying an edit to its latest content.</summary>
/// <param name="path">The path of the user file as it was given.</param>
/// <param name="target">The file after following symbolic links.</param>
/// <param name="steps">Writes the file.</param>
internal sealed class UserFileWriter(string path, string target, AtomicFile steps)
{
    /// <summary>
    /// How often an edit is retried after another writer changed the file first, and how often it is reapplied after
    /// one undid it.
    /// </summary>
    public const int MaxRounds = 50;

    /// <summary>The file after following symbolic links.</summary>
    public string Target => target;

    /// <summary>The new owner of the file; null if the owner has not changed.</summary>
    public FileOwner? NewOwner { get; private set; }

    /// <summary>The owner of the file before it was given to another account.</summary>
    public FileOwner? FormerOwner { get; private set; }

    /// <summary>How the access to the file has been changed so far.</summary>
    public IReadOnlyList<AccessChange> AccessChanges { get; private set; } = [];

    /// <summary>
    /// Replaces the file by the result of <paramref name="edit"/>, and retries if another process changed the file
    /// first.
    /// </summary>
    /// <param name="basis">A snapshot to start from if the file is unchanged, to avoid parsing it again.</param>
    /// <param name="edit">Returns the new document.</param>
    /// <param name="writesAlways">Whether to replace the file even if the content is the same.</param>
    /// <param name="cancellation">Cancels the retries.</param>
    /// <returns>The states before and after the replacement; null if the edit changed nothing.</returns>
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
            // The status of the new file is not read: after the write, nothing may fail any more.
            if (TryReplace(content, current))
                return (current, new UserFileSnapshot(status: null, content, edited));
            basis = current;
        }

        throw new PgEdgeUsersException(
            FailureKind.UserFileLocked,
            $"The user file '{path}' is constantly being rewritten by another process. Nothing was changed. "
                + "Try again later.");
    }

    /// <summary>Replaces the file's content if the file still matches the snapshot.</summary>
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

    /// <summary>Whether this process restricts access to its own file without replacing it.</summary>
    public static bool TightensInPlace => !OperatingSystem.IsWindows() && !FileSystem.Current.IsPrivileged;

    /// <summary>Changes the file's mode to 0600 if the file still matches the snapshot.</summary>
    /// <remarks>
    /// The owner can do so in place, even in another account's folder. Root replaces the file, because the path may be
    /// a hard link to another file.
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
