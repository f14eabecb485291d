using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>How much a finding matters.</summary>
public enum PgEdgeFindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,

    /// <summary>Works, but is not as it should be.</summary>
    Warning,

    /// <summary>Keeps a user, or all, from signing in or from being managed.</summary>
    Error,
}

/// <summary>Something about a user file that an administrator may want to know or fix.</summary>
public sealed class PgEdgeUserFileFinding
{
    internal PgEdgeUserFileFinding(Finding finding, string path)
    {
        Id = finding.Kind.ToString();
        Severity = (PgEdgeFindingSeverity)finding.Severity;
        Line = finding.Line;
        Username = finding.Username;
        Message = finding.Message;
        Remedy = finding.Remedy + (CmdletFor(finding) is { } cmdlet ? $" {cmdlet} does so." : "");
        Path = path;
    }

    /// <summary>What kind of finding it is; the ids are stable.</summary>
    public string Id { get; }

    /// <summary>How much it matters.</summary>
    public PgEdgeFindingSeverity Severity { get; }

    /// <summary>The line in the file, from 1; null when it is not about a line.</summary>
    public int? Line { get; }

    /// <summary>The user concerned; null when it is about the file.</summary>
    public string? Username { get; }

    /// <summary>What was found.</summary>
    public string Message { get; }

    /// <summary>What to do; empty when there is nothing to do.</summary>
    public string Remedy { get; }

    /// <summary>The user file.</summary>
    public string Path { get; }

    /// <summary>What was found.</summary>
    public override string ToString() => Message;

    /// <summary>The cmdlet that does what the remedy says; null when there is none.</summary>
    private static string? CmdletFor(Finding finding) => finding.Kind switch
    {
        _ when finding.CanRepair => "Repair-PgEdgeUserFile",
        FindingKind.FileMissing => "New-PgEdgeUser",
        FindingKind.MalformedHash or FindingKind.WeakHashCost or FindingKind.HighHashCost => "Set-PgEdgeUser",
        FindingKind.DisabledByLockout => "Enable-PgEdgeUser",
        FindingKind.HiddenCharacters => "Rename-PgEdgeUser",
        FindingKind.EmptyName or FindingKind.NamesLookAlike => "Remove-PgEdgeUser",
        _ => null,
    };
}
