using System.Security;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Commands;

/// <summary>A change that waits for the end of the pipeline.</summary>
/// <param name="username">The user.</param>
/// <param name="password">The new password, hashed at the end with all others; null when it stays.</param>
/// <param name="toChange">Makes the change; its argument is the new hash, or null.</param>
/// <param name="isGenerated">Whether the password was made here, so that it must be handed out.</param>
internal sealed class PendingChange(string username, SecureString? password, Func<string?, UserChange> toChange, bool isGenerated = false)
{
    public string Username => username;

    public SecureString? Password => password;

    public bool IsGenerated => isGenerated;

    public UserChange ToChange(string? hash) => toChange(hash);
}
