namespace PgEdgeUsers.Stress.Server;

/// <summary>The generation of the pgEdge MCP server that the test server plays.</summary>
internal enum ServerGeneration
{
    /// <summary>Commit cb0c9f4. The body of a 401 is plain text, and the rate limit believes X-Forwarded-For.</summary>
    December2025,

    /// <summary>
    /// Release 1.1.0-beta1. The body of a 401 is JSON, and the rate limit takes the address of the socket.
    /// </summary>
    August2026,
}
