namespace PgEdgeUsers.Stress;

/// <summary>The steps of a save.</summary>
public enum SaveStep
{
    Create,
    Write,
    KeepAccess,
    Sync,
    Rename,
    SyncFolder,
}
