# Runs scripts as a reader of the help types them: in a folder with prepared files, with the variables that the help
# speaks of. Reads the name of a folder, runs the script next to it, and says when it is done.

param([string] $PlainPassword, [string] $ServerAddress)

$ProgressPreference = 'SilentlyContinue'
# The test server speaks plain HTTP, which the module accepts on this machine and Invoke-RestMethod does not.
$PSDefaultParameterValues['Invoke-RestMethod:AllowUnencryptedAuthentication'] = $true

while ($folder = [Console]::ReadLine()) {
    Get-ChildItem env:PGEDGE_* | Remove-Item
    $env:PGEDGE_AUTH_USER_FILE = Join-Path $folder users.yaml
    Set-Location $folder
    & {
        $server = $ServerAddress
        $password = ConvertTo-SecureString $PlainPassword -AsPlainText
        $credential = [pscredential]::new('alice', $password)
        try {
            $session = New-PgEdgeSession -Credential $credential -NoAudit
            . "$folder.ps1" 2> "$folder.errors" | Out-Default
        }
        catch {
            "$_" >> "$folder.errors"
        }
    }
    "<$(Split-Path $folder -Leaf)>"
}
