using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The result of a repair.</summary>
/// <param name="Copy">The path of the copy of the original file; null if its text was not changed.</param>
/// <param name="Findings">What was repaired; empty if nothing had to be repaired.</param>
/// <param name="IsVerified">False if the repair may have been overwritten by another process.</param>
public sealed record RepairResult(string? Copy, IReadOnlyList<Finding> Findings, bool IsVerified)
{
    /// <summary>How the access to the file was changed.</summary>
    public IReadOnlyList<AccessChange> AccessChanges { get; init; } = [];
}

/// <summary>
/// Repairs what does not need a decision by an administrator. Before the text is changed, a synced copy of the file is
/// written next to it.
/// </summary>
public static class UserFileRepair
{
    /// <summary>Returns the findings that would be repaired, and changes nothing.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// The file does not exist, cannot be read, or contains a text that cannot be used.
    /// </exception>
    public static IReadOnlyList<Finding> Find(UserFileLocation location)
    {
        var file = new UserFile(location.Path);
        return file.Guard(() => Plan.For(location, file.Target()).Findings);
    }

    /// <summary>Repairs the file.</summary>
    /// <param name="location">The user file.</param>
    /// <param name="cancellation">Cancels the wait for the lock and the verification after the replacement.</param>
    /// <exception cref="PgEdgeUsersException">The file cannot be read or written. It is unchanged then.</exception>
    public static RepairResult Repair(UserFileLocation location, CancellationToken cancellation = default)
    {
        return Repair(location, new UserFile(location.Path), cancellation);
    }

    internal static RepairResult Repair(
        UserFileLocation location, UserFile file, CancellationToken cancellation) => file.Guard(() =>
    {
        var target = file.Target();
        var plan = Plan.For(location, target);
        using var fileLock = plan.NeedsLock ? file.Lock(target, cancellation) : null;
        // Another process may have repaired the file while it held the lock.
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

    /// <summary>The repairs that a file needs at one point in time.</summary>
    private sealed record Plan(
        UserFileSnapshot Current, UserDocument Document, UserDocument Edited, IReadOnlyList<Finding> Findings)
    {
        /// <summary>Whether the text has to be changed, not only the mode.</summary>
        public bool ChangesText => Edited.Text != Document.Text;

        /// <summary>Whether the file is replaced. Accounts other than root change a mode in place.</summary>
        public bool NeedsLock => ChangesText || (Findings.Count > 0 && !UserFileWriter.TightensInPlace);

        /// <summary>The repaired file.</summary>
        public UserFileSnapshot Written { get; } = new(status: null, DocumentText.Encode(Edited.Text), Edited);

        public static Plan For(UserFileLocation location, string target)
        {
            var current = StableReader.ReadAny(target);
            if (!current.Exists)
            {
                throw new PgEdgeUsersException(
                    FailureKind.UserFileNotFound,
                    $"There is no user file '{location.Path}' ({location.Reason}). Specify another.");
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
