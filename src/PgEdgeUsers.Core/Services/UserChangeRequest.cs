using System.Security;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Services;

/// <summary>A change of one account, with the new password that it sets.</summary>
/// <param name="Change">The change, without the new password.</param>
/// <param name="Password">
/// The password, which is hashed before the file is locked; null if the change sets none. It must comply with the
/// password policy.
/// </param>
/// <param name="IsGenerated">Whether the password was generated, so that it has to be handed out.</param>
public sealed record UserChangeRequest(UserChange Change, SecureString? Password = null, bool IsGenerated = false)
{
    /// <summary>The change including the hash of the password.</summary>
    internal UserChange WithHash(string? hash) => (hash, Change) switch
    {
        (null, _) => Change,
        (_, AddUser add) => new AddUser(add.Account with { PasswordHash = hash }),
        (_, UpdateUser update) =>
            new UpdateUser(update.Username, account => update.Update(account) with { PasswordHash = hash }),
        _ => throw new InvalidOperationException("This kind of change sets no password."),
    };
}
