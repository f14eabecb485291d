namespace PgEdgeUsers.Core.Review;

/// <summary>What an access review points out.</summary>
/// <param name="Time">The time of the review, in UTC.</param>
/// <param name="Since">The time from which changes are listed, in UTC.</param>
/// <param name="InactiveFor">The time without a sign-in after which a user is inactive.</param>
/// <param name="PasswordOlderThan">The age at which a password is old.</param>
public sealed record ReviewCriteria(DateTime Time, DateTime Since, TimeSpan InactiveFor, TimeSpan PasswordOlderThan);
