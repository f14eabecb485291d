namespace PgEdgeUsers.Tests.Harness;

/// <summary>All that came out of a script.</summary>
internal sealed record ShellResult(
    IReadOnlyList<PSObject?> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Verbose, IReadOnlyList<string> Warnings,
    IReadOnlyList<ProgressRecord> Progress, bool Stopped)
{
    private const string Commands = "PgEdgeUsers.Commands.";

    /// <summary>The output as text; users are their names.</summary>
    public IReadOnlyList<string> Texts => [.. Output.Select(o => o?.ToString() ?? "")];

    /// <summary>The errors as <c>UserExists,NewPgEdgeUser: alice</c>: id, cmdlet, target.</summary>
    public IReadOnlyList<string> Failures => [.. Errors.Select(e => $"{Short(e)}: {e.TargetObject}")];

    /// <summary>The only error.</summary>
    public ErrorRecord Error => Assert.Single(Errors);

    /// <summary>Properties of the only output, as text.</summary>
    public IEnumerable<string> Show(params string[] properties)
    {
        var only = Assert.Single(Output)!;
        return properties.Select(property => only.Properties[property].Value?.ToString() ?? "(null)");
    }

    /// <summary>Asserts that there was no error.</summary>
    public ShellResult Ok()
    {
        Assert.Empty(Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e}"));
        return this;
    }

    public void AssertPresentable()
    {
        foreach (var error in Errors)
        {
            Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
            Assert.NotEmpty(error.ToString());
            Secret.AssertNotIn($"{error} {error.Exception} {error.ErrorDetails} {error.TargetObject} {error.CategoryInfo} {error.ScriptStackTrace}");
        }

        Secret.AssertNotIn(string.Join('\n', [.. Verbose, .. Warnings, .. Texts]));
    }

    private static string Short(ErrorRecord error)
    {
        var id = error.FullyQualifiedErrorId;
        return id.Replace("," + Commands, ",", StringComparison.Ordinal) is var shorter && shorter != id && shorter.EndsWith("Command", StringComparison.Ordinal)
            ? shorter[..^"Command".Length]
            : id;
    }
}
