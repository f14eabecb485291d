using System.Text.Json.Nodes;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class BadFileTests : ShellTest
{
    private static readonly Dictionary<string, byte[]> Refused = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "interop", "loader-vectors.json")))!.AsArray()
        .Where(vector => (string?)vector!["class"] == "must-refuse")
        .ToDictionary(vector => (string)vector!["name"]!, vector => Convert.FromBase64String((string)vector!["yaml_base64"]!));

    public static TheoryData<string> Names => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_server_refuses_is_refused_with_file_and_line_and_stays_as_it_is(string name)
    {
        Store.Write(Refused[name]);
        Define("password", Secret.Of("seven quiet lanterns"));

        var result = Run("""
            Get-PgEdgeUser -Path $file
            Disable-PgEdgeUser a* -Path $file
            New-PgEdgeUser dora -Password $password -Path $file
            New-PgEdgeSession -Username alice -Password $password -Path $file
            """);

        Assert.Empty(result.Output);
        Assert.Equal(
            ["GetPgEdgeUser", "DisablePgEdgeUser", "NewPgEdgeUser", "NewPgEdgeSession"],
            result.Failures.Select(f => f.Replace("UserFileInvalid,", "", StringComparison.Ordinal).Replace($": {Store.Path}", "", StringComparison.Ordinal)));
        Assert.All(result.Errors, error => Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category));
        Assert.All(result.Errors, error => Assert.Contains($"'{Store.Path}'", error.ToString(), StringComparison.Ordinal));
        Assert.All(result.Errors, error => Assert.Matches(@"\bline \d+: .+\.", error.ToString()));
        Assert.DoesNotContain(string.Join("", result.Errors), char.IsControl);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_bad_file_ends_the_pipeline()
    {
        Store.Write("users: [a]\n");

        Assert.Equal(["UserFileInvalid,DisablePgEdgeUser: " + Store.Path], Run("'alice', 'bob' | Disable-PgEdgeUser -Path $file").Failures);
    }

    [Fact]
    public void A_file_that_became_bad_before_the_end_of_the_pipeline_is_not_changed()
    {
        Define("spoil", () => Store.Write("users: [a]\n"));

        var result = Run("'alice' | ForEach-Object { $_ } -End { $spoil.Invoke() } | Disable-PgEdgeUser -Path $file -PassThru");

        Assert.Equal(["UserFileInvalid,DisablePgEdgeUser: " + Store.Path], result.Failures);
        Assert.Empty(result.Output);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Where_a_second_file_became_bad_what_was_done_to_the_first_is_given_before_the_error()
    {
        using var second = new SampleFile();
        Define("second", second.Path);
        Define("spoil", () => second.Write("users: [a]\n"));

        var result = Run("""
            & { Get-PgEdgeUser alice -Path $file; Get-PgEdgeUser alice -Path $second } | ForEach-Object { $_ } -End { $spoil.Invoke() } |
                Set-PgEdgeUser -GeneratePassword | ForEach-Object { "$($_.Path) $($_.GeneratedPassword)" }
            """);

        Assert.Equal([$"{Store.Path} System.Security.SecureString"], result.Texts);
        Assert.Equal(["UserFileInvalid,SetPgEdgeUser: " + second.Path], result.Failures);
        Assert.True(second.IsUntouched);
    }

    [Fact]
    public void A_user_who_went_before_the_end_of_the_pipeline_is_reported_then()
    {
        var without = Store.Text[..Store.Text.IndexOf("    charlie:", StringComparison.Ordinal)];
        Define("remove", () => Store.Write(without));

        var result = Run("'charlie', 'alice' | ForEach-Object { $_ } -End { $remove.Invoke() } | Set-PgEdgeUser -Annotation Lead -Path $file -PassThru");

        Assert.Equal(["alice"], result.Texts);
        Assert.Equal(["UserNotFound,SetPgEdgeUser: charlie"], result.Failures);
        Assert.Equal(["alice", "bob"], Store.Names);
    }
}
