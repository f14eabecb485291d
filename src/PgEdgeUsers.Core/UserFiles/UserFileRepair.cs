using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>What a repair did.</summary>
/// <param name="Copy">The path of the file as it was; null where its text was not changed.</param>
/// <param name="Findings">What was repaired; nothing if nothing had to be repaired.</param>
/// <param name="IsVerified">False when the repair may have been overwritten by another process.</param>
public sealed record RepairResult(string? Copy, IReadOnlyList<Finding> Findings, bool IsVerified)
{
    /// <summary>How the access to the file was changed.</summary>
    public IReadOnlyList<AccessChange> AccessChanges { get; init; } = [];
}

/// <summary>
/// Repairs what can be repaired without a decision of an administrator. Before the text is changed, a synced copy of
/// the file is written next to it.
/// </summary>
public static class UserFileRepair
{
    /// <summary>Gives the findings that would be repaired, and changes nothing.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// The file is not there, cannot be read, or has a text that is refused.
    /// </exception>
    public static IReadOnlyList<Finding> Find(UserFileLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        var file = new UserFile(location.Path);
        return file.Guard(() => Plan.For(location, file.Target()).Findings);
    }

    /// <summary>Repairs the file.</summary>
    /// <param name="location">The user file.</param>
    /// <param name="cancellation">Ends the wait for the lock, and the watch after the replacement.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written; then it is as it was.</exception>
    public static RepairResult Repair(UserFileLocation location, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(location);
        return Repair(location, new UserFile(location.Path), cancellation);
    }

    internal static RepairResult Repair(
        UserFileLocation location, UserFile file, CancellationToken cancellation) => file.Guard(() =>
    {
        var target = file.Target();
        var plan = Plan.For(location, target);
        using var fileLock = plan.NeedsLock ? file.Lock(target, cancellation) : null;
        // Another may have repaired it while the lock was theirs.
        if (fileLock is not null)
            plan = Plan.For(location, target);
        var writer = new UserFileWriter(file.Path, target, file.Writer);
        var copy = plan.ChangesText ? Replace(file, writer, plan) : null;
        if (!plan.ChangesText && plan.Findings.Count > 0 && !writer.TryTighten(plan.Current))
            throw ChangedMeanwhile(file);
        if (fileLock is not null)
            SidecarHandOver.Finish(writer, fileLock);
        var names = plan.Edited.Entries.Select(e => e.Account.Name);
        var isVerified = copy is null || file.NoWait
            || WriteVerification.Run(
                writer, plan.Written, new ThreeWayMerge(plan.Document, plan.Written.Document, names), cancellation);
        return new RepairResult(copy, plan.Findings, isVerified)
        {
            AccessChanges = writer.AccessChanges,
        };
    });

    private static string Replace(UserFile file, UserFileWriter writer, Plan plan)
    {
        var (target, current) = (writer.Target, plan.Current);
        var copy = file.Writer.WriteCopy(target, current.Bytes, current.Status!.Owner);
        try
        {
            return writer.TryReplace(plan.Written.Bytes, current) ? copy : throw ChangedMeanwhile(file);
        }
        catch when (!StableReader.Has(target, new UserFileSnapshot(current.Status, plan.Written.Bytes, plan.Edited)))
        {
            SidecarFile.Discard(copy);
            throw;
        }
    }

    private static PgEdgeUsersException ChangedMeanwhile(UserFile file) => new(
        FailureKind.UserFileWriteFailed,
        $"The user file '{file.Path}' was changed by another process while it was repaired. Nothing was changed. "
            + "Try again.");

    /// <summary>What is to be repaired in a file as it is at one moment.</summary>
    private sealed record Plan(
        UserFileSnapshot Current, UserDocument Document, UserDocument Edited, IReadOnlyList<Finding> Findings)
    {
        /// <summary>Whether there is more to repair than the mode.</summary>
        public bool ChangesText => Edited.Text != Document.Text;

        /// <summary>Whether the file is replaced; a mode alone is changed in place by others than root.</summary>
        public bool NeedsLock => ChangesText || (Findings.Count > 0 && !UserFileWriter.TightensInPlace);

        /// <summary>The file as it is to be.</summary>
        public UserFileSnapshot Written { get; } = new(status: null, DocumentText.Encode(Edited.Text), Edited);

        public static Plan For(UserFileLocation location, string target)
        {
            var current = StableReader.ReadAny(target);
            if (!current.Exists)
            {
                throw new PgEdgeUsersException(
                    FailureKind.UserFileNotFound,
                    $"There is no user file '{location.Path}' ({location.Reason}). Name another.");
            }

            var document = UserDocument.ParseWithNullEntries(DocumentText.Decode(current.Bytes));
            return new Plan(
                current,
                document,
                UserDocumentEditor.Complete(UserDocumentEditor.RemoveNullEntries(document)),
                [
                    .. FileFindings.Of(location, target, current.Status!, canRepair: true)
                        .Concat(AccountFindings.Of(document))
                        .Where(finding => finding.CanRepair),
                ]);
        }
    }
}
