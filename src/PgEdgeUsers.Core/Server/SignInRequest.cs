using System.Security;
using System.Text;
using System.Text.Json;

namespace PgEdgeUsers.Core.Server;

/// <summary>Creates the JSON-RPC request that signs a user in.</summary>
internal static class SignInRequest
{
    /// <summary>
    /// Writes the body. No JSON writer is used for the password, because it would leave copies of it in memory.
    /// </summary>
    public static byte[] Write(string username, SecureString password)
    {
        using var text = SecretText.From(password);
        var start = Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"authenticate_user","""
            + "\"arguments\":{\"username\":"
            + JsonSerializer.Serialize(username, SignInJson.Default.String)
            + ",\"password\":\"");
        var end = "\"}}}"u8;
        var length = start.Length + (6 * text.Value.Length) + end.Length;
        var body = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        start.CopyTo(body, 0);
        var at = start.Length;
        foreach (var c in text.Value)
        {
            body[at++] = (byte)'\\';
            body[at++] = (byte)'u';
            for (var shift = 12; shift >= 0; shift -= 4)
                body[at++] = "0123456789abcdef"u8[(c >> shift) & 0xF];
        }

        end.CopyTo(body.AsSpan(at));
        return body;
    }
}
