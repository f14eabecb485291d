using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace PgEdgeUsers.Core;

/// <summary>
/// The plain text of a password or token for as long as it is needed: a string that the garbage collector does not
/// copy, overwritten on disposal. The bcrypt library takes strings only; the copy that it makes of the UTF-8 bytes is
/// out of reach.
/// </summary>
internal sealed class SecretText : IDisposable
{
    private GCHandle _pin;

    private SecretText(int length)
    {
        // new string(...) is never interned, so that no one else sees the characters written into it or their end.
        Value = length == 0 ? "" : new string('\0', length);
        _pin = GCHandle.Alloc(Value, GCHandleType.Pinned);
    }

    /// <summary>The secret. Not to be used after disposal.</summary>
    public string Value { get; }

    /// <summary>
    /// Its length in bytes of UTF-8; an unpaired surrogate counts as the three bytes that replace it.
    /// </summary>
    public int ByteCount => Encoding.UTF8.GetByteCount(Value);

    /// <summary>Takes the text out of a secure string, which stays as it is.</summary>
    public static SecretText From(SecureString secret)
    {
        var text = new SecretText(secret.Length);
        var unmanaged = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            for (var i = 0; i < text.Value.Length; i++)
                text.Characters[i] = (char)Marshal.ReadInt16(unmanaged, i * sizeof(char));
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(unmanaged);
        }

        return text;
    }

    public void Dispose()
    {
        Characters.Clear();
        if (_pin.IsAllocated)
            _pin.Free();
    }

    /// <summary>The secret is not shown, in any debugger or message.</summary>
    public override string ToString() => "(secret)";

    private Span<char> Characters =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(Value.AsSpan()), Value.Length);
}
