using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers;

/// <summary>The severity of a finding.</summary>
public enum PgEdgeFindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,

    /// <summary>It works, but should be corrected.</summary>
    Warning,

    /// <summary>It prevents signing in or managing users.</summary>
    Error,
}

/// <summary>Something about a user file that an administrator should know or fix.</summary>
public sealed class PgEdgeUserFileFinding
{
    internal PgEdgeUserFileFinding(Finding finding, string path)
    {
        Id = finding.Kind.ToString();
        Severity = (PgEdgeFindingSeverity)finding.Severity;
        Line = finding.Line;
        Username = finding.Username;
        Message = finding.Message;
        Remedy = finding.Remedy + (CmdletFor(finding) is { } cmdlet ? $" {cmdlet} can do this." : "");
        Path = path;
    }

    /// <summary>The kind of finding. The ids are stable.</summary>
    public string Id { get; }

    /// <summary>The severity.</summary>
    public PgEdgeFindingSeverity Severity { get; }

    /// <summary>The line in the file, from 1; null if the finding is not about a line.</summary>
    public int? Line { get; }

    /// <summary>The user; null if the finding is about the file.</summary>
    public string? Username { get; }

    /// <summary>What was found.</summary>
    public string Message { get; }

    /// <summary>What to do; empty if there is nothing to do.</summary>
    public string Remedy { get; }

    /// <summary>The user file.</summary>
    public string Path { get; }

    /// <summary>What was found.</summary>
    public override string ToString() => Message;

    /// <summary>The cmdlet that applies the remedy; null if there is none.</summary>
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
