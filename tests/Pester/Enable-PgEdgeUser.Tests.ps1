BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Enable-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
        $before = Get-Text $file
    }

    It 'enables a user and clears the failed attempts: <_>' -ForEach @(
        { Enable-PgEdgeUser charlie -Path $file }
        { 'charlie' | Enable-PgEdgeUser -Path $file }
        { Get-PgEdgeUser -Status Disabled -Path $file | Enable-PgEdgeUser }
    ) {
        & $_ | Should -BeNullOrEmpty

        $after = $before.Replace('enabled: false', 'enabled: true').Replace('failed_attempts: 3', 'failed_attempts: 0')
        Get-Text $file | Should -BeExactly $after
    }

    It 'clears the failed attempts of an enabled user, too' {
        Edit-UserFile $file "Developer`n        failed_attempts: 0" "Developer`n        failed_attempts: 2"

        Enable-PgEdgeUser alice -Path $file

        Get-Text $file | Should -BeExactly $before
    }

    It 'lets the user sign in again' {
        Enable-PgEdgeUser charlie -Path $file

        (New-PgEdgeSession (New-Login charlie) -Path $file).Username | Should -Be charlie
    }

    It 'returns the changed user with -PassThru' {
        $user = Enable-PgEdgeUser charlie -Path $file -PassThru

        "$($user.Username) $($user.Status) $($user.FailedAttempts) $($user.Path)" |
            Should -BeExactly "charlie Enabled 0 $file"
    }
}
