using System.Net.Http.Headers;
using System.Security;
using PgEdgeUsers.Sessions.Tests.Server;
using PgEdgeUsers.Sessions.Tests.Support;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Signing in at a running server, as users type it.</summary>
public sealed class ServerSignInTests : ServerTest
{
    public ServerSignInTests(SharedServer shared)
        : base(shared) => Server.Add("Zoë \"the\" \\ O'Brien", Password);

    [Theory]
    [InlineData("New-PgEdgeSession $login -Uri $uri")]
    [InlineData("$login | New-PgEdgeSession -Uri $uri")]
    [InlineData("New-PgEdgeSession -Username alice -Password $password -Uri $uri")]
    [InlineData("[pscustomobject]@{ User = 'alice'; Password = $password; Uri = $uri } | New-PgEdgeSession")]
    public void The_right_password_gives_a_session_that_theServer_knows(string script)
    {
        var session = Assert.Single(Run(script).Ok().Output)!;

        Assert.Equal("alice", session.Properties["Username"].Value);
        Assert.Null(session.Properties["Path"].Value);
        Assert.Equal(new Uri(Server.Address), session.Properties["Uri"].Value);
        Assert.InRange((DateTime)session.Properties["ExpiresAt"].Value, DateTime.Now.AddHours(23), DateTime.Now.AddHours(25));
        Assert.Equal(DateTimeKind.Local, ((DateTime)session.Properties["ExpiresAt"].Value).Kind);
        Assert.False((bool)session.Properties["IsExpired"].Value);
        Define("session", session);
        Assert.Equal(["True"], Run("$session | Test-PgEdgeSession").Ok().Texts);
    }

    [Fact]
    public async Task The_token_is_good_as_a_bearer_token()
    {
        var session = Run("New-PgEdgeSession $login -Uri $uri").Ok().Output[0]!;
        var token = Secret.Learn((SecureString)session.Properties["Token"].Value);

        Assert.Matches("^[-_A-Za-z0-9]{43}=$", token);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal("alice", await client.GetStringAsync(new Uri(Server.Address + "/protected")));
    }

    [Fact]
    public void A_name_and_a_password_of_any_characters_arrive_as_they_are()
    {
        Define("name", "Zoë \"the\" \\ O'Brien");

        Assert.Equal(["Zoë \"the\" \\ O'Brien"], Run("New-PgEdgeSession -Username $name -Password $password -Uri $uri").Ok().Texts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/mcp/v1")]
    [InlineData("/mcp/v1/")]
    public void The_address_may_end_in_the_path_of_the_service(string ending)
    {
        Define("ending", ending);

        Assert.Equal(["True"], Run("New-PgEdgeSession $login -Uri \"$uri$ending\" | Test-PgEdgeSession").Ok().Texts);

        Assert.Equal(["POST /mcp/v1", "GET /api/user/info"], Server.Requests);
    }

    [Theory]
    [InlineData("/gateway/pgedge")]
    [InlineData("/gateway/pgedge/")]
    [InlineData("/gateway/pgedge/mcp/v1")]
    public void The_address_may_begin_with_the_path_of_a_gateway(string path)
    {
        using var server = new TestServer { Base = "/gateway/pgedge" };
        server.Add("alice", Password);
        Define("gateway", server.Address + path);

        Assert.Equal(["True"], Run("New-PgEdgeSession $login -Uri $gateway | Test-PgEdgeSession").Ok().Texts);
    }

    [Fact]
    public void A_second_sign_in_ends_the_first_session()
    {
        var result = Run("$first, $second = 1..2 | ForEach-Object { New-PgEdgeSession $login -Uri $uri }; $first, $second | Test-PgEdgeSession");

        Assert.Equal(["False", "True"], result.Ok().Texts);
    }

    [Fact]
    public void A_token_can_be_tested_by_itself()
    {
        var result = Run("""
            $session = New-PgEdgeSession $login -Uri $uri
            Test-PgEdgeSession -Token $session.Token -Uri $uri
            Test-PgEdgeSession -Token $password -Uri $uri
            Test-PgEdgeSession -Token $session.Token -Path $file
            """);

        Assert.Equal(["True", "False", "False"], result.Ok().Texts);
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("Wörter")]
    [InlineData("two words")]
    public void What_cannot_be_a_token_is_no_session_and_is_not_sent(string token)
    {
        Define("token", Secret.Of(token));

        Assert.Equal(["False"], Run("Test-PgEdgeSession -Token $token -Uri $uri").Ok().Texts);

        Assert.Empty(Server.Requests);
    }

    [Fact]
    public void A_session_at_a_server_is_none_without_its_token()
    {
        Assert.Equal(["False"], Run("[pscustomobject]@{ Id = '01234567'; Username = 'alice'; Uri = $uri } | Test-PgEdgeSession").Ok().Texts);

        Assert.Empty(Server.Requests);
    }

    [Theory]
    [InlineData("New-PgEdgeSession $login -Uri $uri -WhatIf")]
    [InlineData("New-PgEdgeSession -Username alice -Password $password -Uri $uri -WhatIf")]
    [InlineData("& { $WhatIfPreference = $true; New-PgEdgeSession $login -Uri $uri }")]
    public void WhatIf_sends_nothing(string script)
    {
        Assert.Empty(Run(script).Ok().Output);

        Assert.Empty(Server.Requests);
    }

    [Fact]
    public void AServer_that_does_not_know_the_token_may_say_so_by_its_status()
    {
        Server.Instead = context => TestServer.Text(context, 401, "Unauthorized\n");
        Define("token", Secret.Of("some-token-of-old"));

        Assert.Equal(["False"], Run("Test-PgEdgeSession -Token $token -Uri $uri").Ok().Texts);
    }

    [Fact]
    public void A_session_that_came_back_from_another_process_is_good_as_before()
    {
        var result = Run("""
            $session = New-PgEdgeSession $login -Uri $uri
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($session))
            $copy | Test-PgEdgeSession
            $text = [pscustomobject]@{ Id = $copy.Id; Token = $copy.Token; Uri = "$($copy.Uri)"; Path = '' }
            $text | Test-PgEdgeSession
            """);

        Assert.Equal(["True", "True"], result.Ok().Texts);
    }

    [Fact]
    public void Forgetting_a_session_says_that_theServer_keeps_it()
    {
        var result = Run("$session = New-PgEdgeSession $login -Uri $uri; $session | Remove-PgEdgeSession -WhatIf; $session | Test-PgEdgeSession; $session | Remove-PgEdgeSession; $session | Test-PgEdgeSession");

        Assert.Equal(["True", "False"], result.Ok().Texts);
        Assert.Contains("the server has no log-out", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_kept_beside_the_user_file()
    {
        Run("New-PgEdgeSession $login -Uri $uri").Ok();

        Assert.DoesNotContain(Directory.GetFiles(Store.Folder), path => path.StartsWith(Store.Path + ".", StringComparison.Ordinal));
    }

    [Fact]
    public void The_name_and_the_outcome_are_recorded_where_it_is_asked_for()
    {
        Define("wrong", Secret.Login("alice", "not the right password"));

        var result = Run("""
            $login, $wrong | New-PgEdgeSession -Uri $uri -AuditPath ./audit.jsonl -ErrorAction Ignore | Out-Null
            Get-PgEdgeAuditEvent -AuditPath ./audit.jsonl -Path $file | ForEach-Object { "$($_.Event) $($_.Username) $($_.Success) $($_.Reason) $($_.Target)" }
            """);

        Assert.Equal([$"SignIn alice True  127.0.0.1:{Server.Port}", $"SignIn alice False AuthenticationFailed 127.0.0.1:{Server.Port}"], result.Ok().Texts);
    }
}
