using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Finds all that can be wrong with a user file, and changes nothing.</summary>
public static class UserFileInspector
{
    /// <summary>
    /// Gives the findings: those about the file first, then by line. A file that is missing or cannot be read is a
    /// finding.
    /// </summary>
    public static IReadOnlyList<Finding> Inspect(UserFileLocation location)
    {
        ArgumentNullException.ThrowIfNull(location);
        var file = new UserFile(location.Path);
        try
        {
            return file.Guard(() => Inspect(location, file.Target()));
        }
        catch (PgEdgeUsersException failure)
        {
            return
            [
                new Finding(
                    FindingKind.FileUnreadable,
                    FindingSeverity.Error,
                    failure.Message,
                    "Make the file readable for this account, or name another file."),
            ];
        }
    }

    /// <summary>The findings of a file whose text can be read.</summary>
    internal static IEnumerable<Finding> Of(
        UserFileLocation location, string target, FileStatus status, UserDocument document) =>
        FileFindings.Of(location, target, status, canRepair: true).Concat(AccountFindings.Of(document));

    private static IReadOnlyList<Finding> Inspect(UserFileLocation location, string target)
    {
        var snapshot = StableReader.ReadAny(target);
        if (snapshot.Status is not { } status)
        {
            return
            [
                new Finding(
                    FindingKind.FileMissing,
                    FindingSeverity.Error,
                    $"There is no user file '{location.Path}' ({location.Reason}).",
                    "Create it with its first user, or name another file."),
            ];
        }

        try
        {
            var document = UserDocument.ParseWithNullEntries(DocumentText.Decode(snapshot.Bytes));
            return [.. Of(location, target, status, document)];
        }
        catch (DocumentException refusal)
        {
            return
            [
                .. FileFindings.Of(location, target, status, canRepair: false),
                new Finding(
                    FindingKind.ContentRefused,
                    FindingSeverity.Error,
                    $"Nothing in the file can be used: {refusal.Message}.",
                    refusal.Remedy)
                {
                    Line = refusal.Line,
                },
            ];
        }
    }
}
