using System.Reflection;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>Every error id with an input that makes it. What only a server can answer is tested with a server, what only a failing disk or another process, with the core's files.</summary>
public sealed class ErrorTests : ShellTest
{
    public static TheoryData<string, ErrorCategory, string> Errors => new()
    {
        { "UserNotFound", ErrorCategory.ObjectNotFound, "Disable-PgEdgeUser nobody -Path $file" },
        { "UserExists", ErrorCategory.ResourceExists, "New-PgEdgeUser alice -Password $good -Path $file" },
        { "InvalidUsername", ErrorCategory.InvalidArgument, "New-PgEdgeUser a/b -Password $good -Path $file" },
        { "InvalidAnnotation", ErrorCategory.InvalidArgument, "Set-PgEdgeUser alice -Annotation \"a`nb\" -Path $file" },
        { "PasswordRejected", ErrorCategory.InvalidArgument, "Set-PgEdgeUser alice -Password $short -Path $file" },
        { "PasswordRequired", ErrorCategory.InvalidArgument, "New-PgEdgeUser dora -Path $file" },
        { "PlainTextPassword", ErrorCategory.InvalidArgument, "Set-PgEdgeUser alice -Password plain -Path $file" },
        { "ConfirmationRequired", ErrorCategory.InvalidOperation, "Remove-PgEdgeUser alice -Path $file" },
        { "ConfirmationRequired", ErrorCategory.InvalidOperation, "Remove-PgEdgeSession -All -Confirm -Path $file" },
        { "UserFileNotFound", ErrorCategory.ObjectNotFound, "Get-PgEdgeUser -Path nowhere.yaml" },
        { "UserFileNotFound", ErrorCategory.ObjectNotFound, "New-PgEdgeUser dora -Password $good -Path no/such/folder.yaml" },
        { "UserFileInvalid", ErrorCategory.InvalidData, "Get-PgEdgeUser -Path $broken" },
        { "InvalidUserFilePath", ErrorCategory.InvalidArgument, "Get-PgEdgeUser -Path ('x' * 300)" },
        { "InvalidUserFilePath", ErrorCategory.InvalidArgument, "Get-PgEdgeUser -Path ." },
        { "InvalidUserFilePath", ErrorCategory.InvalidArgument, "Get-PgEdgeUser -Path Variable:file" },
        { "AuthenticationFailed", ErrorCategory.AuthenticationError, "New-PgEdgeSession -Username alice -Password $good -Path $file" },
        { "SessionNotFound", ErrorCategory.ObjectNotFound, "Remove-PgEdgeSession -Id 00000000 -Path $file" },
        { "SessionFileInvalid", ErrorCategory.InvalidData, "[IO.File]::WriteAllText(\"$file.sessions.json\", '{'); Get-PgEdgeSession -Path $file" },
        { "NotASession", ErrorCategory.InvalidArgument, "'text' | Test-PgEdgeSession -Path $file" },
        { "AuditFailed", ErrorCategory.WriteError, "Get-PgEdgeAuditEvent -AuditPath . -Path $file" },
        { "InvalidServerUri", ErrorCategory.InvalidArgument, "New-PgEdgeSession -Username alice -Password $good -Uri ftp://example.com" },
        { "PathWithUri", ErrorCategory.InvalidArgument, "New-PgEdgeSession -Username alice -Password $good -Uri http://127.0.0.1:1 -Path $file" },
        { "ServerUnreachable", ErrorCategory.ConnectionError, "New-PgEdgeSession -Username alice -Password $good -Uri http://127.0.0.1:1" },
    };

    [Fact]
    public void Every_kind_of_failure_has_its_category()
    {
        var module = ((Type)Run("Get-PgEdgeUser -Path $file > $null; (Get-Command Get-PgEdgeUser).ImplementingType").Ok().Output[0]!.BaseObject).Assembly;
        var categoryOf = module.GetType("PgEdgeUsers.Errors")!.GetMethod("CategoryOf", BindingFlags.NonPublic | BindingFlags.Static)!;
        var kinds = Enum.GetValues(categoryOf.GetParameters()[0].ParameterType).Cast<object>();

        Assert.Equal(
            [
                "UserNotFound ObjectNotFound", "UserExists ResourceExists", "InvalidUsername InvalidArgument", "InvalidAnnotation InvalidArgument",
                "PasswordRejected InvalidArgument", "UserFileNotFound ObjectNotFound", "UserFileInvalid InvalidData", "UserFileLocked ResourceBusy",
                "UserFileAccessDenied PermissionDenied", "UserFileWriteFailed WriteError", "InvalidUserFilePath InvalidArgument",
                "AuthenticationFailed AuthenticationError", "SessionFileInvalid InvalidData", "SessionNotFound ObjectNotFound",
                "TooManyAttempts LimitsExceeded", "ServerUnreachable ConnectionError", "ServerTimeout OperationTimeout",
                "ServerCertificateInvalid SecurityError", "ServerResponseInvalid InvalidResult", "InvalidServerUri InvalidArgument",
                "AuditFailed WriteError", "InvalidConfiguration InvalidArgument",
            ],
            kinds.Select(kind => $"{kind} {categoryOf.Invoke(null, [kind])}"));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Each_has_its_id_and_category_and_says_what_to_do(string id, ErrorCategory category, string script)
    {
        Define("good", Secret.Of("seven quiet lanterns"));
        Define("short", Secret.Of("short"));
        var broken = Path.Combine(Store.Folder, "broken.yaml");
        File.WriteAllText(broken, "users: [a]\n");
        File.SetLastWriteTimeUtc(broken, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Define("broken", broken);
        var before = Store.Text;

        var error = Run(script).Error;

        Assert.StartsWith(id + ",PgEdgeUsers.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Matches(@"^\S.+[.:] .+[.?]$", error.ToString());
        if (id != "AuthenticationFailed")
            Assert.Equal(before, Store.Text);
    }
}
