using System.Security;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgEdgeUsers.Core.Server;

/// <summary>Reads a JSON string without creating a .NET string, which could not be overwritten.</summary>
internal sealed class SecretBytesConverter : JsonConverter<SecretBytes>
{
    public override SecretBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        var bytes = new SecretBytes(reader.ValueSpan.Length);
        bytes.Advance(reader.CopyString(bytes.Free.Span));
        return bytes;
    }

    public override void Write(Utf8JsonWriter writer, SecretBytes value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}

/// <summary>Reads a JSON string as a secure string.</summary>
internal sealed class SecureStringConverter : JsonConverter<SecureString>
{
    private const int MaxLength = 4096;

    public override SecureString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxLength)
            throw new JsonException();
        Span<char> characters = stackalloc char[MaxLength];
        var length = reader.CopyString(characters);
        var secret = new SecureString();
        foreach (var c in characters[..length])
            secret.AppendChar(c);
        characters.Clear();
        secret.MakeReadOnly();
        return secret;
    }

    public override void Write(Utf8JsonWriter writer, SecureString value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
