using System.Management.Automation;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Review;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>Writes a self-contained HTML page that shows a reviewer who has access.</summary>
[Cmdlet(VerbsData.Export, "PgEdgeAccessReview", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportPgEdgeAccessReviewCommand : UserFileCommand
{
    /// <summary>The new HTML file, mode 0600. An existing file is never replaced.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string OutFile { get; set; } = "";

    /// <summary>Users without a sign-in for this long are inactive: a TimeSpan, or text such as 90d.</summary>
    [Parameter]
    [Duration]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public TimeSpan InactiveFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Passwords that were set at least this long ago are old: a TimeSpan, or text such as 365d.</summary>
    [Parameter]
    [Duration]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public TimeSpan PasswordOlderThan { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// The time from which changes are listed. Default: 90 days ago. A time without a zone is local.
    /// </summary>
    [Parameter]
    public DateTime Since { get; set; } = DateTime.Now.AddDays(-90);

    /// <summary>The user file. Default: the one that the server uses on this machine.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserFile", "FilePath", "PSPath")]
    [ArgumentCompleter(typeof(FilePathCompleter))]
    [ScalarValue(Property = nameof(Path))]
    [ValidateNotNullOrEmpty]
    public override string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var path = OrStop(() => Paths.Resolve(OutFile), OutFile);
        if (System.IO.Path.Exists(path))
            ThrowTerminatingError(Errors.ReviewExists(path));
        var location = OrStop(LocateFile, Path);
        var file = OrStop(() => Files.Open(location, mustExist: true), location.Path);
        var review = OrStop(() => Create(file), file.Path);
        if (!Confirmation.Asks($"Access review '{path}' of user file '{file.Path}'", "Create", path))
            return;
        OrStop(() => ReviewFile.Create(path, new ReviewPage(review).Write), path);
        // From the provider, it has the properties that PowerShell's view of a file shows.
        WriteObject(InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);
    }

    private AccessReview Create(OpenUserFile file) => AccessReview.Create(
        file.Location,
        file.Snapshot,
        file.History,
        AuditLog.For(new UserFile(file.Path), Paths.ResolveAuditFile(null)),
        new ReviewCriteria(DateTime.UtcNow, Since.ToUniversalTime(), InactiveFor, PasswordOlderThan));
}
