using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using static PgEdgeUsers.Core.UserFiles.FindingSeverity;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Finds problems with the sidecar files of a user file.</summary>
internal static class SidecarFindings
{
    public static IEnumerable<Finding> Of(string target, FileStatus file) =>
        SidecarPath.Of(target).Concat(OldAuditFiles(target)).SelectMany(path => OfSidecar(path, file));

    private static IEnumerable<string> OldAuditFiles(string target) => Enumerable
        .Range(1, AuditLog.KeptFiles)
        .Select(number => SidecarPath.Numbered(SidecarPath.Audit(target), number));

    private static IEnumerable<Finding> OfSidecar(string path, FileStatus file)
    {
        if (FileStatus.OfLink(path) is not { } status)
            yield break;
        if (status.Kind != FileKind.Regular)
        {
            yield return NotPlain($"'{path}' is a {status.KindText}, not a file");
            yield break;
        }

        if (status.Links > 1)
            yield return NotPlain($"'{path}' has another hard link ({status.Links} in total)");
        if (status.IsPermissive)
        {
            yield return new Finding(
                FindingKind.SidecarTooWide,
                Warning,
                $"The mode of '{path}' is {status.ModeText}: its group or others have access to it.",
                "Make it 0600.");
        }

        if (status.User != file.User)
        {
            yield return new Finding(
                FindingKind.SidecarOwnerDiffers,
                Warning,
                $"'{path}' belongs to {status.Owner.Name}, but the user file to {file.Owner.Name}: the file's owner "
                    + "may not be able to change users or sign them in.",
                $"Give it to {file.Owner.Name}, or remove it if {status.Owner.Name} should not have created it.");
        }
    }

    private static Finding NotPlain(string what) => new(
        FindingKind.SidecarNotPlain,
        Error,
        $"{what}. Users cannot be changed or signed in while it exists.",
        "Find out who created it, then remove it.");
}
