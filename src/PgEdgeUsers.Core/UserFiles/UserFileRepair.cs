using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>What a repair did.</summary>
/// <param name="Copy">The path of the file as it was; null where its text was not changed.</param>
/// <param name="Findings">What was repaired; nothing when there was nothing to repair.</param>
/// <param name="IsSettled">False when the repair may have been overwritten by another process.</param>
public sealed record RepairResult(string? Copy, IReadOnlyList<Finding> Findings, bool IsSettled);

/// <summary>
/// Repairs what does not take a decision of an administrator. Before the text is changed, a synced copy of the file is created
/// next to it; a mode is changed in place.
/// </summary>
public static class UserFileRepair
{
    /// <summary>Gives the findings that would be repaired, and changes nothing.</summary>
    /// <exception cref="PgEdgeUsersException">The file is not there, cannot be read, or has a text that is refused.</exception>
    public static IReadOnlyList<Finding> Find(UserFileLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        var file = new UserFile(location.Path);
        return file.Guard(() => Plan.For(location, file.Target()).Findings);
    }

    /// <summary>Repairs the file.</summary>
    /// <param name="location">The user file.</param>
    /// <param name="cancellation">Ends the wait for the lock, and the verification after the replacement.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written; then it is as it was.</exception>
    public static RepairResult Repair(UserFileLocation location, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(location);
        return Repair(location, new UserFile(location.Path), cancellation);
    }

    internal static RepairResult Repair(UserFileLocation location, UserFile file, CancellationToken cancellation) => file.Guard(() =>
    {
        var target = file.Target();
        var plan = Plan.For(location, target);
        using var fileLock = plan.ChangesText ? FileLock.Acquire(target, file.LockTimeout, cancellation) : null;
        // Another may have repaired it while the lock was theirs.
        if (fileLock is not null)
            plan = Plan.For(location, target);
        var copy = plan.ChangesText ? Replace(file, target, plan) : null;
        if (copy is null && plan.Findings.Count > 0)
            Tighten(file, target, plan);
        return new RepairResult(
            copy,
            plan.Findings,
            copy is null || file.Settle(target, plan.Document, plan.Written, plan.Edited.Entries.Select(e => e.Account.Name), cancellation));
    });

    private static string Replace(UserFile file, string target, Plan plan)
    {
        var (current, content) = (plan.Current, plan.Written.Bytes);
        var copy = file.Writer.WriteCopy(target, current.Bytes, current.Facts);
        try
        {
            return file.Replace(target, content, current) ? copy : throw ChangedMeanwhile(file);
        }
        catch when (!StableReader.Has(target, new UserFileSnapshot(current.Facts, plan.Written.Bytes, plan.Edited)))
        {
            AtomicFile.Discard(copy);
            throw;
        }
    }

    /// <summary>Takes the mode from the very file that was looked at: one that has taken its place is another's doing.</summary>
    private static void Tighten(UserFile file, string target, Plan plan)
    {
        using var handle = StableReader.Open(target);
        if (handle is null || FileStatus.Of(handle, target) != plan.Current.Facts)
            throw ChangedMeanwhile(file);
        FileOwner.Tighten(handle, target);
    }

    private static PgEdgeUsersException ChangedMeanwhile(UserFile file) => new(
        FailureKind.UserFileWriteFailed, $"The user file '{file.Path}' was changed by another process while it was repaired. Nothing was changed. Try again.");

    /// <summary>What is to be repaired in a file as it is at one moment.</summary>
    private sealed record Plan(UserFileSnapshot Current, UserDocument Document, UserDocument Edited, IReadOnlyList<Finding> Findings)
    {
        /// <summary>Whether there is more to repair than the mode.</summary>
        public bool ChangesText => Edited.Text != Document.Text;

        /// <summary>The file after the repair.</summary>
        public UserFileSnapshot Written { get; } = new(facts: null, DocumentText.Encode(Edited.Text), Edited);

        public static Plan For(UserFileLocation location, string target)
        {
            var current = StableReader.Look(target);
            if (!current.Exists)
            {
                throw new PgEdgeUsersException(
                    FailureKind.UserFileNotFound, $"There is no user file '{location.Path}' ({location.Reason}). Name another file.");
            }

            var document = UserDocument.ParseWithNullEntries(DocumentText.Decode(current.Bytes));
            return new Plan(
                current,
                document,
                UserDocumentEditor.Complete(UserDocumentEditor.RemoveNullEntries(document)),
                [.. UserFileInspector.Of(location, target, current.Facts!, document).Where(f => f.CanRepair)]);
        }
    }
}
