using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Server;

namespace PgEdgeUsers.Core.Tests.Server;

/// <summary>The request is valid JSON with the right values, whatever the name and the password are.</summary>
public sealed class SignInRequestTests
{
    [Property]
    public bool Any_name_and_password_can_be_read_again(NonNull<string> name, NonNull<string> password)
    {
        var (user, secret) = (WithoutHalves(name.Get), WithoutHalves(password.Get));

        using var body = JsonDocument.Parse(SignInRequest.Write(user, Store.Secure(secret)));

        var arguments = body.RootElement.GetProperty("params").GetProperty("arguments");
        return arguments.GetProperty("username").GetString() == user
            && arguments.GetProperty("password").GetString() == secret;
    }

    [Fact]
    public void Quotes_and_backslashes_cannot_end_the_password()
    {
        const string Password = "\",\"username\":\"root\\\"}\\u0041";

        using var body = JsonDocument.Parse(SignInRequest.Write("alice", Store.Secure(Password)));

        var arguments = body.RootElement.GetProperty("params").GetProperty("arguments");
        Assert.Equal(["alice", Password], arguments.EnumerateObject().Select(argument => argument.Value.GetString()));
    }

    // Half of a surrogate pair is not a character. JSON and UTF-8 cannot represent it.
    private static string WithoutHalves(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
}
