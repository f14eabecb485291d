using System.Security;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgEdgeUsers.Core.Server;

/// <summary>The response to a sign-in: a result or an error. Properties that are not used are left out.</summary>
/// <param name="Error">The error; null if there is none.</param>
/// <param name="Result">The result of the tool.</param>
internal sealed record SignInResponse(JsonElement? Error, SignInResponse.ToolResult? Result)
{
    /// <summary>The first text of the result, which is JSON; null if there is none.</summary>
    public SecretBytes? Text => Result?.Content is [{ Text: { } text }, ..] ? text : null;

    /// <summary>The server's reason for a failed sign-in; empty if it gives none.</summary>
    public string Reason
    {
        get
        {
            try
            {
                return Error is { ValueKind: JsonValueKind.Object } error
                    && error.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.String
                    ? data.GetString()!
                    : "";
            }
            catch (InvalidOperationException)
            {
                // The text is not valid: it contains a lone surrogate, or bytes that are not UTF-8.
                return "";
            }
        }
    }

    /// <summary>Hides the content. The generated text would contain it.</summary>
    public override string ToString() => "(response)";

    internal sealed record ToolResult(ToolContent?[]? Content);

    internal sealed record ToolContent([property: JsonConverter(typeof(SecretBytesConverter))] SecretBytes? Text);
}

/// <summary>The content of the text of a successful sign-in.</summary>
internal sealed record IssuedToken(
    bool Success,
    [property: JsonConverter(typeof(SecureStringConverter))] SecureString? SessionToken,
    string? ExpiresAt);

/// <summary>The server's description of the user of a token.</summary>
internal sealed record TokenUser(bool? Authenticated, string? Username);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(IssuedToken))]
[JsonSerializable(typeof(TokenUser))]
[JsonSerializable(typeof(string))]
internal sealed partial class SignInJson : JsonSerializerContext;
