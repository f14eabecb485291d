using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Who signs in does not learn why it failed; an administrator does.</summary>
public sealed class RefusalTests : ShellTest
{
    public RefusalTests()
    {
        Store.Write(Store.Text + """
                mallory:
                    username: mallory
                    password_hash: broken
                    created_at: 2024-09-01T08:00:00Z
                    last_login: null
                    enabled: true
                    annotation: ""
                    failed_attempts: 0

            """.ReplaceLineEndings("\n"));
        Define("right", Secret.Of(SampleFile.AlicePassword));
        Define("wrong", Secret.Of("not the right password"));
        Define("long", Secret.Of(new string('x', 5000)));
        Define("charlies", Secret.Of(SampleFile.CharliePassword));
    }

    [Fact]
    public void Every_refusal_looks_the_same_but_in_the_record()
    {
        (string Name, string Password, string Reason)[] refusals =
        [
            ("alice", "$wrong", "WrongPassword"),
            ("alice", "$long", "WrongPassword"),
            ("nobody", "$right", "UnknownUser"),
            ("Alice", "$right", "UnknownUser"),
            ("charlie", "$charlies", "AccountDisabled"),
            ("charlie", "$wrong", "AccountDisabled"),
            ("mallory", "$right", "MalformedHash"),
            ("alice", "$wrong -MaxFailedAttempts 1", "WrongPassword"),
        ];

        var results = refusals.Select(refusal => Run($"New-PgEdgeSession -Username {refusal.Name} -Password {refusal.Password} -Path $file -Verbose -Debug")).ToArray();

        // The name that was given is said, as -Confirm and -WhatIf say it.
        Assert.Single(results.Zip(refusals, (result, refusal) => Shown(result).Replace($"User '{refusal.Name}'", "User", StringComparison.Ordinal)).Distinct());
        Assert.Equal("AuthenticationFailed,PgEdgeUsers.Commands.NewPgEdgeSessionCommand", results[0].Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, results[0].Error.CategoryInfo.Category);
        Assert.All(results, result => Assert.Null(result.Error.Exception.InnerException));
        Assert.Equal(refusals.Select(refusal => refusal.Reason), Run("Get-PgEdgeAuditEvent -Event SignIn -Path $file | ForEach-Object Reason").Ok().Texts);
    }

    [Fact]
    public void A_damaged_sessions_file_does_not_tell_the_right_password()
    {
        File.WriteAllText(Store.Path + ".sessions.json", "damaged");

        var wrong = Run("New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 1 -Path $file -Verbose");
        var right = Run("New-PgEdgeSession -Username alice -Password $right -MaxFailedAttempts 1 -Path $file -Verbose");

        Assert.Equal(Shown(wrong), Shown(right));
        Assert.True(Store.IsUntouched);
        Assert.Equal(["SessionFileInvalid", "SessionFileInvalid"], Run("Get-PgEdgeAuditEvent alice -Path $file | ForEach-Object Reason").Ok().Texts);
    }

    private static string Shown(ShellResult result) =>
        string.Join('\n', [result.Error.ToString(), result.Error.FullyQualifiedErrorId, $"{result.Error.CategoryInfo.Category}", .. result.Verbose, .. result.Warnings, .. result.Texts]);
}
