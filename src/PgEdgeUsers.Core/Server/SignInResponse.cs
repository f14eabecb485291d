using System.Security;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgEdgeUsers.Core.Server;

/// <summary>What the server answers to a sign-in, as far as it matters: a result or an error.</summary>
/// <param name="Error">The error; null where there is none.</param>
/// <param name="Result">The result of the tool.</param>
internal sealed record SignInAnswer(JsonElement? Error, SignInAnswer.ToolResult? Result)
{
    /// <summary>The JSON in the first text of the result; null where there is none.</summary>
    public SecretBytes? Text => Result?.Content is [{ Text: { } text }, ..] ? text : null;

    /// <summary>Why sign-in failed, in the server's words; empty where it does not say.</summary>
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
                // Half a surrogate pair, or bytes that are not UTF-8: no words.
                return "";
            }
        }
    }

    /// <summary>The generated text would show what is in the answer.</summary>
    public override string ToString() => "(answer)";

    internal sealed record ToolResult(ToolContent?[]? Content);

    internal sealed record ToolContent([property: JsonConverter(typeof(SecretBytesConverter))] SecretBytes? Text);
}

/// <summary>What the text of a successful sign-in holds.</summary>
internal sealed record IssuedToken(
    bool Success,
    [property: JsonConverter(typeof(SecureStringConverter))] SecureString? SessionToken,
    string? ExpiresAt);

/// <summary>What the server tells of a token's user.</summary>
internal sealed record TokenUser(bool? Authenticated, string? Username);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SignInAnswer))]
[JsonSerializable(typeof(IssuedToken))]
[JsonSerializable(typeof(TokenUser))]
[JsonSerializable(typeof(string))]
internal sealed partial class SignInJson : JsonSerializerContext;
